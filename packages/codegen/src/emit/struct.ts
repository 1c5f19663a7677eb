/** A structure: its interface and the functions that encode and decode it. */
import { primitiveSize, expressionsIn } from "@msrpc/wire";
import type { PointerType, StructPlan } from "@msrpc/wire";
import type { FieldCode } from "../model/expr.ts";
import type { RecordModel, Slot } from "../model/record.ts";
import type { TypeEntry } from "../model/registry.ts";
import { hasTargets, ownAlign, throughSilent, typeOf, type Types } from "../model/wire-types.ts";
import { Block } from "../print/block.ts";
import { list, type Doc } from "../print/doc.ts";
import { isInPlace, memberFields, pathCode } from "./access.ts";
import { Emitter, Scope, speaksOf } from "./context.ts";
import { citation, isPlainName, sentence } from "./docs.ts";
import { emitEmpty } from "./empty.ts";
import { isOfValue, type Check } from "./read-types.ts";
import { ValueReader } from "./read-value.ts";
import {
  carriedExpr,
  directMembers,
  isKnownInPlace,
  lastField,
  placeOf,
  readReturn,
  readSlots,
  writeSlots,
} from "./record-code.ts";
import { ValueWriter } from "./write-value.ts";

export function emitStruct(emitter: Emitter, entry: TypeEntry, isEmbedded: boolean): void {
  const { plan, record } = entry;
  if (plan.kind !== "struct" || record === null) throw new Error(`${plan.name} is no structure`);
  emitInterface(emitter, entry, record);
  emitWrite(emitter, entry, plan, record, isEmbedded);
  emitRead(emitter, entry, plan, record, isEmbedded);
  emitEmpty(emitter, entry);
}

function emitInterface(emitter: Emitter, entry: TypeEntry, record: RecordModel): void {
  const out = emitter.module.body;
  const cite = citation(entry.document, entry.overlay.section);
  const idlName = entry.plan.aliases[0] ?? entry.plan.name;
  out.comment(...typeComment(entry.overlay.summary, idlName, cite));
  out.declare(
    () => `export interface ${entry.ts}`,
    () => emitMembers(emitter, out, record.slots, () => false),
  );
}

/** A summary, then the IDL name and where the document has it. */
export function typeComment(summary: string | undefined, idlName: string, cite: string): string[] {
  const origin = cite === "" ? `${idlName}.` : `${idlName}, ${cite}.`;
  const text = sentence(summary);
  if (text === "") return [origin];
  return text.length + origin.length < 90 ? [`${text} ${origin}`] : [text, origin];
}

/** The members of an interface, each with what there is to say about it. */
export function emitMembers(
  emitter: Emitter,
  out: Block,
  slots: readonly Slot[],
  isOpen: (slot: Slot) => boolean,
): void {
  for (const slot of slots) {
    if (slot.role.kind !== "member") continue;
    const { summary, enum: values } = slot.overlay;
    const see = values === undefined ? "" : `Of \`${values}\`.`;
    const origin =
      isPlainName(slot.wire, slot.role.name) || slot.wire === "return value" ? "" : slot.wire;
    const text = [sentence(summary), see].filter((part) => part !== "").join(" ");
    out.comment(origin === "" || text === "" ? origin + text : `${origin}: ${text}`);
    const type = emitter.tsType(throughSilent(slot.type));
    out.add(`${slot.role.name}: ${isOpen(slot) ? type.replace(/ \| null$/, "") : type};`);
  }
}

function emitWrite(
  emitter: Emitter,
  entry: TypeEntry,
  plan: StructPlan,
  record: RecordModel,
  isEmbedded: boolean,
): void {
  const out = emitter.module.body;
  const writer = new ValueWriter(emitter, new Scope(["w", "v"]));
  const source = { base: "v", record };
  const fields = memberFields([source], emitter);
  const last = lastField(plan);
  const lastSlot = last === null ? undefined : record.byWire.get(last.name);
  const parameters = [`w: ${emitter.ndrType("NdrWriter")}`, `v: ${entry.ts}`];
  const counts = (): void => {
    if (lastSlot !== undefined)
      writer.counts(out, lastSlot.type, placeOf(lastSlot, "v", record, fields));
  };
  const body = (): void => {
    align(out, "w", plan, emitter.types);
    writeSlots(out, writer, record, "v", [source], emitter, "inPlace");
    gap(out, "w", plan, emitter.types);
  };
  out.add("");
  out.declare(signature(`write${entry.ts}`, parameters, "void"), () => {
    counts();
    body();
  });
  if (isEmbedded && last !== null) {
    out.add("");
    out.declare(signature(`write${entry.ts}Counts`, parameters, "void"), counts);
    out.add("");
    out.declare(signature(`write${entry.ts}Body`, parameters, "void"), body);
  }
  if (!plan.hasDeferred) return;
  out.add("");
  out.declare(signature(`write${entry.ts}Targets`, parameters, "void"), () => {
    for (const slot of record.slots) {
      if (slot.role.kind === "member")
        writer.targets(out, slot.type, placeOf(slot, "v", record, fields));
    }
  });
}

function emitRead(
  emitter: Emitter,
  entry: TypeEntry,
  plan: StructPlan,
  record: RecordModel,
  isEmbedded: boolean,
): void {
  const out = emitter.module.body;
  const { types } = emitter;
  const last = lastField(plan);
  const reader = emitter.ndrType("NdrReader");
  const scope = (): Scope => new Scope(["r", "v", ...record.slots.map((slot) => slot.local)]);
  const names = scope();
  const sizes = Array.from({ length: plan.hoisted }, () => names.fresh("maxCount"));
  const body = (): void => {
    align(out, "r", plan, types);
    const options = {
      how: "inPlace",
      outside: () => null,
      ...(last === null ? {} : { sizes }),
    } as const;
    const hasGap = needsGap(plan, types);
    readReturn(
      out,
      (target) => {
        const read = readSlots(target, new ValueReader(emitter, scope()), record, emitter, options);
        gap(target, "r", plan, types);
        return read;
      },
      () => (hasGap || last !== null ? null : directMembers(emitter, scope, record, options)),
    );
  };
  out.add("");
  out.declare(signature(`read${entry.ts}`, [`r: ${reader}`], entry.ts), () => {
    if (last !== null) readCounts(out, last.type, last.name, sizes, types);
    body();
  });
  if (isEmbedded && last !== null) {
    const parameters = [`r: ${reader}`, ...sizes.map((size) => `${size}: number`)];
    out.add("");
    out.declare(signature(`read${entry.ts}Body`, parameters, entry.ts), body);
  }
  if (!plan.hasDeferred) return;
  out.add("");
  out.declare(
    signature(`read${entry.ts}Targets`, [`r: ${reader}`, `v: ${entry.ts}`], "void"),
    () => {
      readTargets(emitter, out, record);
    },
  );
}

/** The deferred part. What speaks of a target is checked once that is read. */
function readTargets(emitter: Emitter, out: Block, record: RecordModel): void {
  const { types } = emitter;
  const reader = new ValueReader(emitter, new Scope(["r", "v"]));
  const known = new Set<Slot>();
  const fields: FieldCode = ([first = "", ...rest]) => {
    const slot = record.byWire.get(first);
    if (slot?.role.kind !== "member") return null;
    if (!known.has(slot) && !isInPlace(slot.type, rest, emitter)) return null;
    return pathCode(slot.type, `v.${slot.role.name}`, rest, emitter);
  };
  let waiting: { code: string; nullable: PointerType | null; check: Check }[] = [];
  for (const slot of record.slots) {
    if (slot.role.kind !== "member") continue;
    const code = `v.${slot.role.name}`;
    const shown = throughSilent(slot.type);
    const nullable = shown.kind === "pointer" && shown.class !== "ref" ? shown : null;
    const at = { name: slot.wire, local: slot.local, fields };
    const checks = checksLeft(emitter, slot, record);
    if (hasTargets(slot.type, types)) {
      const expr = carriedExpr(slot, record, emitter);
      const decided = expr === null ? null : { expr, code: `r.countOf(${code})` };
      checks.push(...reader.deferred(out, slot.type, code, { ...at, decided }));
    }
    waiting.push(...checks.map((check) => ({ code, nullable, check })));
    known.add(slot);
    waiting = waiting.filter(
      (one) => reader.settle(out, [one.check], one.code, one.nullable, fields).length > 0,
    );
  }
  emitter.refuseChecks(waiting.map(({ check }) => check));
}

/** Checks of the part in place that have to wait for a target. */
function checksLeft(emitter: Emitter, slot: Slot, record: RecordModel): Check[] {
  const type = throughSilent(slot.type);
  if ((type.kind !== "array" && type.kind !== "union") || expressionsIn(type).length === 0)
    return [];
  const at = { name: slot.wire, local: slot.local, fields: () => null };
  const { checks } = emitter.tried(() =>
    new ValueReader(emitter, new Scope()).inPlace(new Block(), type, at),
  );
  const left = checks.filter(({ expr }) => !isKnownInPlace(expr, record, emitter));
  emitter.refuseChecks(left.filter((check) => !isOfValue(check)));
  return left.filter(isOfValue);
}

/** `export function name(a: A): Result`, a parameter a line where it is long; one that the body doesn't use is `_a`. */
export function signature(
  name: string,
  parameters: readonly string[],
  result: string,
): (body: string) => Doc {
  return (body) => {
    const shown = parameters.map((text) =>
      speaksOf(text.slice(0, text.indexOf(":")), body) ? text : `_${text}`,
    );
    return [list(`export function ${name}(`, shown, ")"), `: ${result}`];
  };
}

/** Reads the max counts that stand before a structure, down to the array they belong to. */
function readCounts(
  out: Block,
  type: StructPlan["fields"][number]["type"],
  name: string,
  sizes: readonly string[],
  types: Types,
): void {
  let at = { type, name };
  while (at.type.kind === "named") {
    const plan = typeOf(types, at.type.name);
    const field = plan.kind === "struct" ? plan.fields.at(-1) : undefined;
    if (field === undefined) break;
    at = field;
  }
  for (const size of sizes) out.add(`const ${size} = r.maxCount(${JSON.stringify(at.name)});`);
}

// ---- alignment -----------------------------------------------------------------------------------

function align(out: Block, cursor: "w" | "r", plan: StructPlan, types: Types): void {
  const { ndr, ndr64 } = plan.layout;
  const [first] = plan.fields;
  const [own, own64] = first === undefined ? [1, 1] : ownAlign(first.type, types);
  if (own < ndr.align || own64 < ndr64.align)
    out.add(`${cursor}.align(${ndr.align}, ${ndr64.align});`);
}

function gap(out: Block, cursor: "w" | "r", plan: StructPlan, types: Types): void {
  if (needsGap(plan, types)) out.add(`${cursor}.gap(${plan.layout.ndr64.align});`);
}

/** In NDR64 the structure may end where its alignment doesn't. */
function needsGap(plan: StructPlan, types: Types): boolean {
  const { align: wanted } = plan.layout.ndr64;
  if (wanted === 1) return false;
  let at: number | null = 0;
  for (const field of plan.fields) {
    const [, fieldAlign] = ownAlign(field.type, types);
    const size = fixedSize64(field.type, types);
    if (at !== null) at = Math.ceil(at / fieldAlign) * fieldAlign;
    else if (fieldAlign >= wanted) at = 0;
    at = size === null || at === null ? null : at + size;
  }
  return at === null || at % wanted !== 0;
}

function fixedSize64(type: StructPlan["fields"][number]["type"], types: Types): number | null {
  switch (type.kind) {
    case "primitive":
      return primitiveSize(type.name, "ndr64");
    case "named":
      return typeOf(types, type.name).layout.ndr64.size;
    case "pointer":
      return type.id === "none" ? fixedSize64(type.target, types) : 8;
    case "array": {
      const counts = type.dimensions.map((d) =>
        typeof d.size === "number" && !d.isConformant && d.varying === null ? d.size : null,
      );
      const element = fixedSize64(type.element, types);
      return counts.includes(null) || element === null
        ? null
        : counts.reduce<number>((product, n) => product * n!, element);
    }
    default:
      return null;
  }
}
