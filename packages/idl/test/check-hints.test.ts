import { expect, it } from "vitest";
import { type Checked, checkBody, checkText } from "./support/check-text.ts";

/** The text of each related place, after what is said of it. */
function related({ diagnostics, program }: Checked): string[] {
  return diagnostics.flatMap((diagnostic) =>
    (diagnostic.related ?? []).map(({ message, span }) => {
      const text = program.sources.get(span.file)?.text.slice(span.start, span.end);
      return `${message}: ${text}`;
    }),
  );
}

function hints({ diagnostics }: Checked): (string | undefined)[] {
  return diagnostics.map(({ hint }) => hint);
}

it("an unknown attribute is told its nearest", () => {
  expect(hints(checkBody("void f([in, sise_is(3)] long *a);"))).toEqual([
    "Did you mean [size_is]?",
  ]);
});

it("an unknown type is told its nearest", () => {
  const checked = checkBody("typedef long COUNTER; void f([in] CUONTER a);");
  expect(hints(checked)).toEqual(["Did you mean `COUNTER`?"]);
});

it("an unknown parameter in a size is told its nearest", () => {
  const checked = checkBody("void f([in] long count, [in, size_is(cuont)] long *a);");
  expect(hints(checked)).toEqual(["Did you mean `count`?"]);
});

it("a misplaced attribute is told where it belongs", () => {
  expect(hints(checkBody("[in] void f();"))).toEqual(["It belongs on a parameter."]);
});

it("a second declaration points to the first", () => {
  expect(related(checkBody("typedef long A; typedef short A;"))).toEqual([
    "first declared here: A",
  ]);
  expect(related(checkBody("struct S { long a; }; struct S { long a; };"))).toEqual([
    "first defined here: S",
  ]);
});

it("contradicting attributes point to each other", () => {
  expect(related(checkBody("void f([in, unique, ref] long *a);"))).toEqual([
    "[unique] is here: unique",
  ]);
});

it("a size that is not sent in time points to the parameter", () => {
  const checked = checkBody("void f([out] long *n, [in, size_is(*n)] long *a);");
  expect(related(checked)).toEqual(["it is declared here: n"]);
});

it("a name is complained of once", () => {
  const checked = checkBody("void f([in] A a, [in] A b); void g([in] A *c);");
  expect(checked.codes).toEqual(["IDL2001"]);
});

it("an unknown type has no consequences", () => {
  const checked = checkBody(`
    typedef UNKNOWN ALIAS;
    void f([in, string] ALIAS a, [out] ALIAS b, [in, size_is(3)] ALIAS c, [in, range(0, 1)] ALIAS d);
  `);
  expect(checked.codes).toEqual(["IDL2001"]);
});

it("what is wrong with a COM interface is a warning, and an error where DCE RPC uses it too", () => {
  const com = "[object, uuid(22345678-1234-abcd-ef00-0123456789ab)] interface com : IUnknown";
  const rpc = "[uuid(12345678-1234-abcd-ef00-0123456789ab)] interface rpc";
  const body = "long f([in] HOLDER *holder);";
  const type = 'import "unknwn.idl"; typedef struct { void *a; } HOLDER;';
  const severities = (text: string): string[] =>
    checkText(text).diagnostics.map(({ severity }) => severity);
  expect(severities(`${type} ${com} { ${body} }`)).toEqual(["warning"]);
  expect(severities(`${type} ${com} { ${body} } ${rpc} { ${body} }`)).toEqual(["error"]);
});

it.each([
  ["void f([in] unsigned lung a);", "Did you mean `unsigned long`?"],
  ["typedef struct { signed shrt a; } S;", "Did you mean `signed short`?"],
  ["void f([in] unsigned walrus a);", undefined],
])("a slip behind unsigned or signed is shown: %s", (text, hint) => {
  expect(checkBody(text).diagnostics.find(({ code }) => code === "IDL1201")?.hint).toBe(hint);
});
