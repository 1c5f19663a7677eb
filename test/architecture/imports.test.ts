import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specifiersIn } from "../support/imports.ts";

/** Which workspace packages each may import: what stands to its left in docs/architecture.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "packages/idl": [],
  "packages/wire": ["@msrpc/idl"],
  "packages/codegen": ["@msrpc/idl", "@msrpc/wire"],
  // The one place outside of tests where both sides meet: it calls and plays servers by their plans.
  "packages/cli": [
    "@msrpc/idl",
    "@msrpc/wire",
    "@msrpc/codegen",
    "@msrpc/rpc",
    "@msrpc/auth",
    "@msrpc/services",
  ],
  "packages/ndr": [],
  "packages/rpc": ["@msrpc/ndr"],
  "packages/auth": ["@msrpc/ndr", "@msrpc/rpc"],
  "packages/services": ["@msrpc/ndr", "@msrpc/rpc", "@msrpc/dce-rpc", "@msrpc/ms-eerr"],
  "packages/dcom": ["@msrpc/ndr", "@msrpc/ms-dcom"],
  "packages/registry": [
    "@msrpc/ndr",
    "@msrpc/rpc",
    "@msrpc/auth",
    "@msrpc/ms-dtyp",
    "@msrpc/ms-rrp",
  ],
  "packages/service-control": ["@msrpc/ndr", "@msrpc/rpc", "@msrpc/auth", "@msrpc/ms-scmr"],
  "packages/cluster-data": ["@msrpc/ms-cmrp"],
  "packages/cluster": [
    "@msrpc/ndr",
    "@msrpc/rpc",
    "@msrpc/auth",
    "@msrpc/cluster-data",
    "@msrpc/ms-cmrp",
  ],
  "packages/clusapi": [
    "@msrpc/ndr",
    "@msrpc/rpc",
    "@msrpc/auth",
    "@msrpc/services",
    "@msrpc/cluster-data",
    "@msrpc/ms-cmrp",
    "@msrpc/ms-rrp",
    "@msrpc/ms-scmr",
  ],
  "packages/clusterd": [
    "@msrpc/rpc",
    "@msrpc/auth",
    "@msrpc/services",
    "@msrpc/cluster",
    "@msrpc/registry",
    "@msrpc/service-control",
    "@msrpc/ms-cmrp",
  ],
  "packages/clusctl": ["@msrpc/rpc", "@msrpc/auth", "@msrpc/clusapi"],
};

/** Bare names each package may import besides: its libraries. Runtime packages have none. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  "packages/idl": ["chevrotain"],
  "packages/wire": [],
  "packages/codegen": [],
  "packages/cli": ["commander"],
  "packages/ndr": [],
  "packages/rpc": [],
  "packages/services": [],
  "packages/dcom": [],
  "packages/registry": [],
  "packages/service-control": [],
  "packages/cluster-data": [],
  "packages/clusapi": ["node:timers"],
  "packages/cluster": [
    "node:child_process",
    "node:crypto",
    "node:events",
    "node:fs",
    "node:net",
    "node:os",
    "node:path",
    "node:sqlite",
    "node:util",
    "node:zlib",
  ],
  "packages/clusterd": [
    "node:crypto",
    "node:events",
    "node:fs",
    "node:http",
    "node:net",
    "node:perf_hooks",
    "node:path",
    "node:url",
    "node:util",
    // The module of --type.
    "?",
    "yaml",
    "zod",
  ],
  "packages/clusctl": ["commander", "node:fs", "node:readline", "node:stream", "node:timers"],
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

const nodeOnly = new RegExp(
  [
    "^packages/rpc/src/tcp/.*: node:net$",
    "^packages/clusterd/src/metrics/.*: node:diagnostics_channel$",
    "^packages/rpc/src/diagnostics/.*: node:diagnostics_channel$",
    "^packages/rpc/src/capture/.*: node:(?:diagnostics_channel|fs|stream)$",
    "^packages/auth/src/kerberos/.*: koffi$",
  ].join("|"),
);

for (const [folder, packages] of Object.entries(allowed)) {
  test(`${folder} imports only what stands to its left`, () => {
    const own = new Set([...packages, ...(libraries[folder] ?? [])]);
    const node = folder === "packages/cli";
    const found = strays(folder, (name) => own.has(name) || (node && name.startsWith("node:")));
    // These sub-paths are for Node, and for native code; whatever else rpc has also runs in a browser.
    const ours = found.filter((stray) => !nodeOnly.test(stray));
    expect(ours).toEqual([]);
  });
}

/** The files that a module leads to within its package. */
function reachedFrom(file: string): readonly string[] {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const specifier of specifiersIn(readFileSync(path, "utf8"))) {
      if (specifier.startsWith(".")) visit(join(path, "..", specifier));
    }
  };
  visit(join(root, file));
  return [...reached];
}

test("what @msrpc/rpc exports by its own name does not lead to what is for Node", () => {
  const reached = reachedFrom("packages/rpc/src/index.ts");
  expect(reached.filter((file) => /\/(?:tcp|diagnostics|capture)\//.test(file))).toEqual([]);
  expect(reached.length).toBeGreaterThan(10);
});

test("what @msrpc/auth exports by its own name does not lead to native code", () => {
  const reached = reachedFrom("packages/auth/src/index.ts");
  expect(reached.filter((file) => file.includes("/src/kerberos/"))).toEqual([]);
  expect(reached.length).toBeGreaterThan(10);
});

test("generated packages import only the runtime and each other", () => {
  const generated = readdirSync(join(root, "generated"));
  expect(generated).not.toEqual([]);
  const own = new Set(["@msrpc/ndr", "@msrpc/rpc", ...generated.map((name) => `@msrpc/${name}`)]);
  expect(generated.flatMap((name) => strays(`generated/${name}`, (from) => own.has(from)))).toEqual(
    [],
  );
});
