import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

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
  "packages/auth": ["node:crypto", "node:fs", "node:os", "node:zlib"],
};

const root = new URL("../../", import.meta.url).pathname;

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => join(folder, file));
}

/** Every bare module a file imports, sub-paths cut off. */
function imported(file: string): string[] {
  // Text between backquotes may be code that is generated.
  const text = readFileSync(join(root, file), "utf8").replace(/`[^`]*`/g, "``");
  const specifiers = text.matchAll(/^(?:import|export)\b[^"`';]*?\bfrom "([^"]+)"/gm);
  return [...specifiers]
    .map(([, name = ""]) => name)
    .filter((name) => !name.startsWith("."))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

/** `file: import` for each import that the rule does not allow. */
function strays(folder: string, permit: (name: string) => boolean): string[] {
  return sources(`${folder}/src`).flatMap((file) =>
    imported(file)
      .filter((name) => !permit(name))
      .map((name) => `${file}: ${name}`),
  );
}

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
    const text = readFileSync(file, "utf8");
    for (const [, path = ""] of text.matchAll(/ from "(\.[^"]+)"/g)) visit(join(file, "..", path));
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
