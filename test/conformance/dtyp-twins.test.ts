/** The built-in "ms-dtyp.idl" and idl/ms-dtyp/ms-dtyp.idl say the same of every type that both declare. */
import { readFileSync } from "node:fs";
import { compile, memoryHost } from "@msrpc/idl";
import { plan } from "@msrpc/wire";
import { expect, test } from "vitest";

const name = "ms-dtyp.idl";
const own = readFileSync(new URL("../../idl/ms-dtyp/ms-dtyp.idl", import.meta.url), "utf8");

/** With the file of idl/ on the search path, and with the built-in one alone. */
const twins: readonly Readonly<Record<string, string>>[] = [{ [name]: own }, {}];

function typesOf(files: Readonly<Record<string, string>>): string[] {
  const text = `import "${name}";`;
  const { program, diagnostics } = compile(["a.idl"], memoryHost({ ...files, "a.idl": text }));
  expect(diagnostics).toEqual([]);
  return program.types.flatMap(({ name: type }) => (type === null ? [] : [type]));
}

/** How a field of the type is planned, and what is said about it, without the places of either. */
function planned(files: Readonly<Record<string, string>>, type: string): unknown {
  const text = `import "${name}"; interface a {
    typedef struct { long before; ${type} field; } HOLDER; void put([in] HOLDER *holder); }`;
  const header = `[uuid(00000000-0000-0000-0000-000000000001), pointer_default(unique)] `;
  const source = text.replace("interface", `${header}interface`);
  const { program, diagnostics } = compile(["a.idl"], memoryHost({ ...files, "a.idl": source }));
  const result = plan(program);
  const types = JSON.stringify(result.plan.types, (key, value: unknown) =>
    key === "place" ? undefined : value,
  );
  const said = [...diagnostics, ...result.diagnostics].map(({ code, message }) => [code, message]);
  return { types: JSON.parse(types) as unknown, said };
}

const [ours = [], builtIn = []] = twins.map(typesOf);
const common = [...new Set(ours)].filter((type) => builtIn.includes(type));

test("they have most names in common", () => {
  expect(common.length).toBeGreaterThan(100);
});

test.each(common)("%s has one wire form", (type) => {
  const [first, second] = twins.map((files) => planned(files, type));
  expect(first).toEqual(second);
});
