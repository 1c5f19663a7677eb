/** Enumerations as const objects: those of the IDL and those that an overlay states. */
import type { EnumPlan } from "@msrpc/wire";
import type { TypeEntry } from "../model/registry.ts";
import type { ValuesOverlay } from "../overlay/overlay.ts";
import type { Block } from "../print/block.ts";
import { group, indent, line } from "../print/doc.ts";
import { citation, sentence } from "./docs.ts";
import { typeComment } from "./struct.ts";

export function emitEnum(out: Block, entry: TypeEntry, plan: EnumPlan): void {
  const cite = citation(entry.document, entry.overlay.section);
  out.comment(...typeComment(entry.overlay.summary, plan.aliases[0] ?? plan.name, cite));
  emitObject(out, entry.ts, plan.members);
}

export function emitValues(
  out: Block,
  name: string,
  values: ValuesOverlay,
  document: string | undefined,
): void {
  const cite = citation(document, values.section);
  out.comment(
    [sentence(values.summary), cite === "" ? "" : `${cite}.`]
      .filter((text) => text !== "")
      .join(" "),
  );
  const members = Object.entries(values.values).map(([key, value]) => ({
    name: key,
    value: Number(value),
  }));
  emitObject(out, name, members);
}

function emitObject(
  out: Block,
  name: string,
  members: readonly { readonly name: string; readonly value: number }[],
): void {
  out.nest(
    `export const ${name} =`,
    () => {
      for (const member of members) out.add(`${key(member.name)}: ${number(member.value)},`);
    },
    "} as const;",
  );
  out.add(group(`export type ${name} =`, indent(line, `(typeof ${name})[keyof typeof ${name}];`)));
}

/** A key of an object literal. As it stands, `__proto__` would set the prototype. */
export function key(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** Flags and large values read better in hexadecimal. */
function number(value: number): string {
  const isFlag = value > 0xff && (value & 0xff) === 0;
  return isFlag ? `0x${value.toString(16).padStart(8, "0")}` : String(value);
}
