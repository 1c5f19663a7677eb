/**
 * The folder of broken IDL files. Each ends with what the compiler must say of it, all of it and in order:
 *
 *     // expect IDL2001 5:12 Type `X` is not defined.
 *     // warn   IDL2011 7:3 `Y` is used before it is declared.
 *
 * A place in another file has that file's name before it: `imports/other.idl:5:12`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  compile,
  type Diagnostic,
  type Host,
  MAX_FILE_SIZE,
  memoryHost,
  positionAt,
} from "../../src/index.ts";

const folder = fileURLToPath(new URL("../broken/", import.meta.url));

/** Names of the files with expectations; those in subfolders are there to be imported. */
export const brokenFiles: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".idl"))
  .sort();

/** One operation more than there are opnums. */
const tooManyOperations = `[uuid(12345678-1234-abcd-ef00-0123456789ab)] interface broken {
${Array.from({ length: 65_537 }, (_, i) => `void f${i}();`).join("\n")}
}`;

/** Too long to be kept as files, or not there at all. */
export const generatedFiles: readonly string[] = [
  "too-many-operations.idl",
  "no-such-file.idl",
  "too-many-diagnostics.idl",
  "too-many-tokens.idl",
  "too-many-characters.idl",
  "utf-16.idl",
];

/** All of them, those to be imported included. */
export const brokenHost: Host = memoryHost({
  "too-many-operations.idl": tooManyOperations,
  "too-many-diagnostics.idl": "@\n".repeat(1003),
  "too-many-tokens.idl": ";".repeat(1_000_001),
  "too-many-characters.idl": " ".repeat(MAX_FILE_SIZE + 1),
  "utf-16.idl": new TextDecoder().decode(Buffer.from("\ufeffinterface a { long b; }", "utf16le")),
  ...Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(idl|acf|h)$/.test(name))
      .map((name) => [name.replaceAll("\\", "/"), readFileSync(folder + name, "utf8")]),
  ),
});

/** What begins with `pidl-` is in Samba's dialect. */
function compileBroken(name: string): ReturnType<typeof compile> {
  return compile([name], brokenHost, { dialect: name.startsWith("pidl-") ? "pidl" : "midl" });
}

/** The diagnostics of a file. */
export function diagnose(name: string): readonly Diagnostic[] {
  return compileBroken(name).diagnostics;
}

/** Diagnostics as the comments write them. */
export function format(name: string): string[] {
  const { diagnostics, sources } = compileBroken(name);
  return diagnostics.map(({ code, severity, message, span }) => {
    const at = span.via ?? span;
    const source = sources.get(at.file);
    const { line, column } = source ? positionAt(source, at.start) : { line: 0, column: 0 };
    const file = at.file === name ? "" : `${at.file}:`;
    return `// ${severity === "error" ? "expect" : "warn  "} ${code} ${file}${line}:${column} ${message}`;
  });
}

/** The comments in a file. */
export function expectations(name: string): string[] {
  return (brokenHost.read(name) ?? "")
    .split("\n")
    .filter((line) => /^\/\/ (expect|warn {2}) /.test(line));
}

/** Writes what the compiler says now into a file, in place of what was expected. */
export function record(name: string): void {
  const lines = readFileSync(folder + name, "utf8").split("\n");
  const kept = lines.filter((line) => !/^\/\/ (expect|warn {2}) /.test(line));
  writeFileSync(folder + name, `${kept.join("\n").trimEnd()}\n\n${format(name).join("\n")}\n`);
}
