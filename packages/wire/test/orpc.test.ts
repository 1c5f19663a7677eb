/** What calls of object interfaces carry beside the parameters that the IDL has. */
import { compile, memoryHost } from "@msrpc/idl";
import { expect, test } from "vitest";
import { decodeStub, encodeStub, plan, type WirePlan } from "../src/index.ts";

const object = "[object, uuid(12345678-1234-abcd-ef00-0123456789ac)]";

function planned(texts: Readonly<Record<string, string>>): WirePlan {
  const { program, diagnostics } = compile(["test.idl"], memoryHost(texts));
  const made = plan(program);
  const errors = [...diagnostics, ...made.diagnostics].filter(
    ({ severity }) => severity === "error",
  );
  expect(errors).toEqual([]);
  return made.plan;
}

function headersOf(made: WirePlan, name: string): string[] {
  const operation = made.interfaces
    .flatMap(({ operations }) => operations)
    .find((each) => each.name === name);
  return (operation?.params ?? [])
    .filter(({ isImplicit }) => isImplicit)
    .map(({ name: param, isIn, isOut, place }) => `${param} ${isIn} ${isOut} ${place.file}`);
}

const builtIn = [
  "orpcThis true false <built-in>/ms-dcom.idl",
  "orpcThat false true <built-in>/ms-dcom.idl",
];

test("a call of an object interface begins with ORPCTHIS, and its answer with ORPCTHAT, whatever is imported", () => {
  const made = planned({ "test.idl": `${object} interface IFoo { long f([in] long a); }` });
  expect(headersOf(made, "f")).toEqual(builtIn);
  const [operation] = made.interfaces[0]!.operations;
  const orpcThis = {
    version: { MajorVersion: 5, MinorVersion: 7 },
    flags: 0,
    reserved1: 0,
    cid: { Data1: 0x01020304, Data2: 0x0506, Data3: 0x0708, Data4: new Uint8Array(8).fill(9) },
    extensions: null,
  };
  const octets = encodeStub(made, operation!, "in", { orpcThis, a: 11 });
  expect(Buffer.from(octets).toString("hex")).toBe(
    "05000700" +
      "00000000" +
      "00000000" +
      "04030201" +
      "0605" +
      "0807" +
      "09".repeat(8) +
      "00000000" +
      "0b000000",
  );
  expect(decodeStub(made, operation!, "in", octets).value).toEqual({ orpcThis, a: 11 });
});

test("an interface that is none of COM's has neither", () => {
  const made = planned({
    "test.idl": `import "ms-dcom.idl"; [uuid(12345678-1234-abcd-ef00-0123456789ac)] interface foo { long f(); }`,
  });
  expect(headersOf(made, "f")).toEqual([]);
});

test("one derived from an imported object interface has both, and those that a file declares itself go first", () => {
  const base = `${object} interface IBase { long g(); }
    typedef struct { long a; } ORPCTHIS; typedef struct { long b; } ORPCTHAT;`;
  const derived = `import "ms-dcom.idl";
    [uuid(12345678-1234-abcd-ef00-0123456789ad)] interface IDerived : IBase { long f(); }`;
  const made = planned({ "ms-dcom.idl": base, "test.idl": derived });
  for (const name of ["f", "g"])
    expect(headersOf(made, name)).toEqual([
      "orpcThis true false ms-dcom.idl",
      "orpcThat false true ms-dcom.idl",
    ]);
});

test("names of the built-in file are not known to one that doesn't import it", () => {
  const { diagnostics } = compile(
    ["test.idl"],
    memoryHost({ "test.idl": `${object} interface IFoo { long f([in] OXID a); }` }),
  );
  expect(diagnostics.map(({ code }) => code)).toContain("IDL2001");
});

test("an interface of COM is left out where no structure says what its calls carry", () => {
  const { program } = compile(
    ["test.idl"],
    memoryHost({ "test.idl": `${object} interface IFoo { long f(); }`, "ms-dcom.idl": "" }),
  );
  const { plan: made, diagnostics } = plan(program);
  expect(made.interfaces).toEqual([]);
  expect(diagnostics).toMatchObject([
    {
      code: "WIRE3022",
      message:
        "Interface `IFoo` is one of COM, and no structure ORPCTHIS says what its calls carry.",
    },
  ]);
});
