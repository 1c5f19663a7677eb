/** IDL text to plans and values to hexadecimal, for tests. */
import { compile, memoryHost } from "@msrpc/idl";
import {
  type Decoded,
  type Direction,
  type InterpretOptions,
  type OperationPlan,
  type PlanResult,
  type StructValue,
  type TypePlan,
  type Value,
  type WirePlan,
  decodeStub,
  decodeValue,
  encodeStub,
  encodeValue,
  plan,
} from "@msrpc/wire";
import { hex as digitsOf, octets } from "../../../../test/support/hex.ts";

const header = "[uuid(12345678-1234-abcd-ef00-0123456789ab), version(1.0)";

/** What planning the body of an interface gives. The body must check without errors. */
export function lower(body: string, attributes = ""): PlanResult {
  return lowerFiles({ "test.idl": `${header}${attributes}] interface test {\n${body}\n}` });
}

/** What planning `test.idl`, one of these files, gives. */
export function lowerFiles(files: Readonly<Record<string, string>>): PlanResult {
  const { program, diagnostics } = compile(["test.idl"], memoryHost(files));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return plan(program);
}

/** What planning a body gives, whatever the checker says of it. */
export function lowerAnyway(body: string): PlanResult {
  const files = { "test.idl": `${header}] interface test {\n${body}\n}` };
  return plan(compile(["test.idl"], memoryHost(files)).program);
}

/** Codes and severities of what planning has to say of a body, whatever the checker says of it. */
export function complaints(body: string): string[] {
  const { diagnostics } = lowerAnyway(body);
  return diagnostics.map(({ code, severity }) => `${code} ${severity}`);
}

/** The plan of the body of an interface, from which nothing is missing. */
export function planOf(body: string, attributes = ""): WirePlan {
  const { plan: made, diagnostics } = lower(body, attributes);
  const found = diagnostics.filter((diagnostic) => diagnostic.severity !== "info");
  if (found.length > 0) throw new Error(found.map(({ message }) => message).join("\n"));
  return made;
}

export function operation(made: WirePlan, name: string): OperationPlan {
  const all = made.interfaces.flatMap((each) => [...each.operations, ...each.callbacks]);
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`No operation ${name}`);
  return found;
}

export function typeNamed(made: WirePlan, name: string): TypePlan {
  const all = Object.values(made.types);
  const found = all.find((type) => type.name === name || type.aliases.includes(name));
  if (!found) throw new Error(`No type ${name}`);
  return found;
}

/** The type of a parameter of `f`, without what tests don't ask for. */
export function paramType(made: WirePlan, name: string): unknown {
  const found = operation(made, "f").params.find((param) => param.name === name);
  return JSON.parse(
    JSON.stringify(found?.type, (key, value) => (key === "alias" ? undefined : value)),
  );
}

export type Options = InterpretOptions & { readonly request?: StructValue };

/** Bytes in hexadecimal, in groups of four. */
export function hex(bytes: Uint8Array): string {
  return (
    digitsOf(bytes)
      .match(/.{1,8}/g)
      ?.join(" ") ?? ""
  );
}

/** The stub of operation `f`. */
export function encode(
  made: WirePlan,
  direction: Direction,
  value: StructValue,
  options: Options = {},
): string {
  return hex(encodeStub(made, operation(made, "f"), direction, value, options));
}

/** What the stub of operation `f` holds. */
export function decode(
  made: WirePlan,
  direction: Direction,
  text: string,
  options: Options = {},
): Decoded<StructValue> {
  return decodeStub(made, operation(made, "f"), direction, octets(text), options);
}

/** A value of a named type. */
export function encodeNamed(
  made: WirePlan,
  name: string,
  value: Value,
  options: InterpretOptions = {},
): string {
  const type = { kind: "named", name: typeNamed(made, name).name } as const;
  return hex(encodeValue(made, type, value, options));
}

export function decodeNamed(
  made: WirePlan,
  name: string,
  text: string,
  options: InterpretOptions = {},
): Decoded {
  const type = { kind: "named", name: typeNamed(made, name).name } as const;
  return decodeValue(made, type, octets(text), options);
}
