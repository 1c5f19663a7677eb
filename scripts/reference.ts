/** The pages of the reference that follow from tables in the code: attributes, diagnostics and conformance. */
import { conformance, controlConformance, type Standing } from "@msrpc/cluster/conformance";
import { codegenRules } from "@msrpc/codegen";
import { attributes, idlRules, type DiagnosticRule } from "@msrpc/idl";
import { wireRules } from "@msrpc/wire";

/** Texts by path. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/attributes.md", attributesPage()],
    ["docs/diagnostics.md", diagnosticsPage()],
    ["docs/ms-cmrp-conformance.md", conformancePage()],
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
      .map(({ code, severity, message, explanation, mayBeLowered }) => [
        code,
        mayBeLowered ? `${severity}, may be lowered` : severity,
        message,
        explanation,
      ]);
    return `## ${title}\n\n${table(["code", "severity", "message", "when"], rows)}`;
  });
  return `# Diagnostics

What \`msrpc check\` and \`msrpc generate\` may say, by code. A code keeps its meaning for ever. Braces stand for names of the
user's text. An error that may be lowered is a warning where \`--warn CODE\` or \`"warn"\` in msrpc.json asks for it
([idl.md](idl.md)).

${sections.join("\n")}`;
}

function conformancePage(): string {
  const rows = conformance();
  const count = (standings: readonly (Standing | null)[]): string => {
    const specified = standings.filter((one) => one !== null);
    return `${specified.filter((one) => one !== "missing").length} of ${specified.length}`;
  };
  const cell = (standing: Standing | null): string => {
    if (standing === null) return "";
    if (typeof standing === "object") return `\`${standing.fixed}\``;
    return standing === "served" ? "served" : "**not yet**";
  };
  const cells = rows.map(({ opnum, name, three, two }) => [
    String(opnum),
    name,
    cell(three),
    cell(two),
  ]);
  const controls = controlConformance().map(({ code, standing }) => [
    `0x${code.value.toString(16).padStart(8, "0")}`,
    `CLUSCTL_${code.name}`,
    String(code.since),
    code.access,
    cell(standing),
  ]);
  return `# MS-CMRP: what the server answers

The methods that [MS-CMRP] specifies, and which of them \`@msrpc/cluster\` has: ${count(rows.map(({ three }) => three))} in version 3.0,
${count(rows.map(({ two }) => two))} in version 2.0. A method that isn't there yet is answered with nca_s_op_rng_error. An error stands where the
document has servers answer every call with it.

${table(["opnum", "method", "3.0", "2.0"], cells)}
## Control codes

Each with the version that it came with: version 2.0 answers later ones with ERROR_INVALID_FUNCTION, as all do whose answer is
that error. Read access is enough for some; all access is needed where a code changes something.

${table(["code", "name", "since", "access", "answer"], controls)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
