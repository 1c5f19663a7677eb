import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specifiersIn } from "../support/imports.ts";

/** Which workspace packages each may import: what stands to its left in docs/architecture.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "packages/idl": [],
  "packages/wire": ["@msrpc/idl"],
  "packages/codegen": ["@msrpc/idl", "@msrpc/wire"],
  "packages/cli": ["@msrpc/idl", "@msrpc/wire", "@msrpc/codegen"],
  "packages/ndr": [],
  "packages/rpc": ["@msrpc/ndr"],
  "packages/auth": ["@msrpc/rpc"],
};

/** Bare names each package may import besides: its libraries. Runtime packages have none. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  "packages/idl": ["chevrotain"],
  "packages/wire": [],
  "packages/codegen": [],
  "packages/cli": ["commander"],
  "packages/ndr": [],
  "packages/rpc": [],
  "packages/auth": ["node:crypto", "node:fs", "node:os"],
};

const root = new URL("../../", import.meta.url).pathname;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => join(folder, file));
}

/** A bare module without its sub-path; what leads to another file, as a path from the root. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith(".")) return join(file, "..", specifier);
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** `file: import` for each import that leaves the package where the rule does not allow it. */
function strays(folder: string, permit: (name: string) => boolean): string[] {
  return sources(`${folder}/src`).flatMap((file) =>
    specifiersIn(readFileSync(join(root, file), "utf8"))
      .map((specifier) => ({ specifier, target: targetOf(file, specifier) }))
      .filter(({ specifier, target }) =>
        specifier.startsWith(".") ? !target.startsWith(`${folder}/`) : !permit(target),
      )
      .map(({ target }) => `${file}: ${target}`),
  );
}

test.each([
  ['import { a } from "x";', ["x"]],
  ['import type { a } from "x/y";', ["x/y"]],
  ['import {\n  a,\n  b,\n} from "x";', ["x"]],
  ["import a from 'x';", ["x"]],
  ['export * from "../x.ts";', ["../x.ts"]],
  ['export { a } from "x";', ["x"]],
  ['import "x";', ["x"]],
  ['  const a = await import("x");', ["x"]],
  ['type A = import("x").A;', ["x"]],
  ['const a = require("x");', ["x"]],
  ["const a = await import(name);", ["?"]],
  ['// import "x";', []],
  ['const a = `import "x";`;', []],
])("%j imports %j", (text, specifiers) => {
  expect(specifiersIn(text)).toEqual(specifiers);
});

test("a relative import that leaves its package leads to where it goes", () => {
  const target = targetOf("packages/idl/src/parse/parse.ts", "../../../rpc/src/index.ts");
  expect(target).toBe("packages/rpc/src/index.ts");
});

for (const [folder, packages] of Object.entries(allowed)) {
  test(`${folder} imports only what stands to its left`, () => {
    const own = new Set([...packages, ...(libraries[folder] ?? [])]);
    const node = folder === "packages/cli";
    const found = strays(folder, (name) => own.has(name) || (node && name.startsWith("node:")));
    // Sockets are Node's; whatever else the runtime has also runs in a browser.
    const ours = found.filter((stray) => !/^packages\/rpc\/src\/tcp\/.*: node:net$/.test(stray));
    expect(ours).toEqual([]);
  });
}

test("what @msrpc/rpc exports by its own name does not lead to sockets", () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const specifier of specifiersIn(readFileSync(file, "utf8"))) {
      if (specifier.startsWith(".")) visit(join(file, "..", specifier));
    }
  };
  visit(join(root, "packages/rpc/src/index.ts"));
  expect([...reached].filter((file) => file.includes("/tcp/"))).toEqual([]);
  expect(reached.size).toBeGreaterThan(10);
});

test("generated packages import only the runtime and each other", () => {
  const generated = readdirSync(join(root, "generated"));
  expect(generated).not.toEqual([]);
  const own = new Set(["@msrpc/ndr", "@msrpc/rpc", ...generated.map((name) => `@msrpc/${name}`)]);
  expect(generated.flatMap((name) => strays(`generated/${name}`, (from) => own.has(from)))).toEqual(
    [],
  );
});
