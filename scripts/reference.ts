/** The pages of the reference that follow from tables in the code: attributes and diagnostics. */
import { codegenRules } from "@msrpc/codegen";
import { attributes, idlRules, type DiagnosticRule } from "@msrpc/idl";
import { wireRules } from "@msrpc/wire";

/** Texts by path. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/attributes.md", attributesPage()],
    ["docs/diagnostics.md", diagnosticsPage()],
  ]);
}

function attributesPage(): string {
  const rows = attributes
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, effect, positions, summary, conflicts }) => [
      `\`${name}\``,
      effect,
      positions.join(", "),
      summary,
      conflicts.map((other) => `\`${other}\``).join(", "),
    ]);
  return `# Attributes

Every attribute that the compiler knows. **Honoured**: it changes what is sent, and we do as it says. **Kept**: nothing that is
sent depends on it. **Refused**: it changes what is sent in a way that isn't supported, so using it is an error. Any other
attribute is an error with a suggestion.

${table(["attribute", "effect", "may stand on", "meaning", "not together with"], rows)}`;
}

function diagnosticsPage(): string {
  const parts: readonly (readonly [title: string, rules: readonly DiagnosticRule<string>[]])[] = [
    ["Text and syntax", idlRules.filter(({ code }) => code < "IDL2")],
    ["Meaning", idlRules.filter(({ code }) => code >= "IDL2")],
    ["The wire form", wireRules],
    ["Overlays and generation", codegenRules],
  ];
  const sections = parts.map(([title, rules]) => {
    const rows = rules
      .toSorted((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ code, severity, message, explanation }) => [code, severity, message, explanation]);
    return `## ${title}\n\n${table(["code", "severity", "message", "when"], rows)}`;
  });
  return `# Diagnostics

What \`msrpc check\` and \`msrpc generate\` may say, by code. A code keeps its meaning for ever. Braces stand for names of the
user's text.

${sections.join("\n")}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
