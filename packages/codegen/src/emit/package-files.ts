/** What makes a folder of modules a package: package.json, tsconfig.json, README.md, the root module. */
import type { EmitInput } from "../model/input.ts";
import type { InterfaceEntry } from "../model/registry.ts";
import { sentence } from "./docs.ts";

export function packageJson(
  input: EmitInput,
  interfaces: readonly InterfaceEntry[],
  dependencies: readonly string[],
): string {
  const exports: Record<string, unknown> = { ".": entryPoint("index") };
  for (const { folder } of interfaces) exports[`./${folder}`] = entryPoint(`${folder}/index`);
  const json = {
    name: input.package,
    version: input.version,
    description: input.description,
    license: "MIT",
    type: "module",
    exports,
    files: ["dist", "src"],
    sideEffects: false,
    engines: { node: ">=22" },
    dependencies: Object.fromEntries(dependencies.toSorted().map((name) => [name, "workspace:^"])),
  };
  const text = JSON.stringify(json, null, 2).replace(
    /\[\n\s+"dist",\n\s+"src"\n\s+\]/,
    '["dist", "src"]',
  );
  return `${text.replace(/\{\n\s+"node": ">=22"\n\s+\}/, '{ "node": ">=22" }')}\n`;
}

function entryPoint(path: string): Record<string, string> {
  return { source: `./src/${path}.ts`, types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` };
}

/** `references` are folders of packages it depends on, as paths from its own. */
export function tsconfig(references: readonly string[]): string {
  const list = references.map((path) => `{ "path": ${JSON.stringify(path)} }`).join(", ");
  return `{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": { "rootDir": "src", "outDir": "dist" },
  "include": ["src"],
  "references": [${list}]
}
`;
}

export function readme(input: EmitInput, interfaces: readonly InterfaceEntry[]): string {
  const lines = [
    `# ${input.package}`,
    "",
    `${sentence(input.description)} Generated: don't edit, run \`pnpm generate\`.`,
  ];
  if (interfaces.length > 0) {
    lines.push("", "| module | interface | operations |", "| --- | --- | --- |");
    for (const { folder, plan } of interfaces) {
      const calls = plan.operations.filter((operation) => operation.form === "call").length;
      lines.push(
        `| \`${input.package}/${folder}\` | ${plan.name} ${plan.version.major}.${plan.version.minor} | ${calls} |`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}
