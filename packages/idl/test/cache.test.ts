import { expect, test } from "vitest";
import { compile, createParseCache, memoryHost, type CompileOptions } from "../src/index.ts";
import { renderFrames } from "../src/render/frame.ts";
import { brokenFiles, brokenHost } from "./support/broken-files.ts";

type Files = Readonly<Record<string, string>>;

const files: Files = {
  "a.idl": 'import "c.idl"; typedef C A;',
  "b.idl": 'import "c.idl"; typedef C B;',
  "c.idl": '#include "d.h"\ntypedef LONG C; @',
  "d.h": "#define LONG long\n#ifdef SHORT\n#define LONG short\n#endif\n",
};

/** What a file comes to with a cache that saw `before` first: its types, and what is said of it. */
function compiled(before: Files, after: Files, options: CompileOptions = {}): unknown[] {
  const cache = createParseCache();
  compile(["a.idl"], memoryHost(before), { cache });
  const kept = compile(["b.idl"], memoryHost(after), { ...options, cache });
  const fresh = compile(["b.idl"], memoryHost(after), options);
  expect(kept.diagnostics).toEqual(fresh.diagnostics);
  expect([...kept.sources]).toEqual([...fresh.sources]);
  return kept.program.types.map(({ name, ...rest }) =>
    "type" in rest && rest.type.kind === "base" ? `${rest.type.name} ${name}` : name,
  );
}

test("a file that two compilations import is parsed once", () => {
  const cache = createParseCache();
  const host = memoryHost(files);
  const [first] = compile(["a.idl"], host, { cache }).files;
  const [second] = compile(["b.idl"], host, { cache }).files;
  expect(second).toBe(first);
  expect(compiled(files, files)).toEqual(["long C", "B"]);
});

test("a file is parsed again when its text has changed", () => {
  expect(compiled(files, { ...files, "c.idl": "typedef hyper C;" })).toEqual(["hyper C", "B"]);
});

test("a file is parsed again when a file that it includes has changed", () => {
  expect(compiled(files, { ...files, "d.h": "#define LONG small" })).toEqual(["small C", "B"]);
});

test("a file is parsed again when a name in it leads elsewhere", () => {
  const moved = { ...files, "d.h": files["d.h"] ?? "", "dir/d.h": "#define LONG byte" };
  const { "d.h": _, ...without } = moved;
  expect(compiled(files, without, { searchPaths: ["dir"] })).toEqual(["byte C", "B"]);
});

test("a file is parsed again when other macros are given", () => {
  expect(compiled(files, files, { defines: { SHORT: "1" } })).toEqual(["short C", "B"]);
});

test("a file that was not there is found once it is", () => {
  const { "c.idl": _, ...without } = files;
  expect(compiled(without, files)).toEqual(["long C", "B"]);
});

test("what is said of a file is the same with a cache that has seen it and all others", () => {
  const cache = createParseCache();
  const said = (name: string, options: CompileOptions): string => {
    const { diagnostics, sources } = compile([name], brokenHost, options);
    return renderFrames(diagnostics, sources);
  };
  const names = brokenFiles.filter((_, at) => at % 3 === 0);
  for (const name of names) said(name, { cache });
  for (const name of names) expect(said(name, { cache })).toBe(said(name, {}));
});
