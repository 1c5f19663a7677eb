/** A union: the discriminated union it becomes and the functions that encode and decode it. */
import type { ArmPlan, UnionPlan } from "@msrpc/wire";
import type { TypeEntry } from "../model/registry.ts";
import { isBig } from "../model/wire-types.ts";
import { Block } from "../print/block.ts";
import { call } from "../print/doc.ts";
import { citation } from "./docs.ts";
import { hasDefault } from "./access.ts";
import { emptyValue } from "./empty.ts";
import { Scope, quote, type Emitter } from "./context.ts";
import { ValueReader } from "./read-value.ts";
import { signature, typeComment } from "./struct.ts";
import { ValueWriter } from "./write-value.ts";

export function emitUnion(emitter: Emitter, entry: TypeEntry): void {
  const { plan } = entry;
  if (plan.kind !== "union") throw new Error(`${plan.name} is no union`);
  const out = emitter.module.body;
  const cite = citation(entry.document, entry.overlay.section);
  out.comment(...typeComment(entry.overlay.summary, plan.aliases[0] ?? plan.name, cite));
  const arms = plan.arms.map((arm) => armType(emitter, plan, arm));
  const flat = `export type ${entry.ts} = ${arms.join(" | ")};`;
  if (flat.length <= 100) {
    out.add(flat);
  } else if (arms.join(" | ").length <= 97) {
    out.add(`export type ${entry.ts} =`);
    out.add(`  ${arms.join(" | ")};`);
  } else {
    out.add(`export type ${entry.ts} =`);
    out.addAll(arms.map((arm, i) => `  | ${arm}${i === arms.length - 1 ? ";" : ""}`));
  }
  emitWrite(emitter, entry, plan);
  emitRead(emitter, entry, plan);
}

/** An arm's TypeScript type: `{ type: 1 | 2; value: Foo }`. */
function armType(emitter: Emitter, plan: UnionPlan, arm: ArmPlan): string {
  const value = arm.field === null ? "" : `; value: ${emitter.tsType(arm.field.type)}`;
  if (arm.isDefault) return `{ type: "default"; tag: ${tagType(plan)}${value} }`;
  return `{ type: ${labelsOf(plan, arm).join(" | ")}${value} }`;
}

function tagType(plan: UnionPlan): string {
  const type = plan.switchType;
  if (type.kind === "primitive" && type.name === "boolean") return "boolean";
  return type.kind === "primitive" && isBig(type.name) ? "bigint" : "number";
}

function labelsOf(plan: UnionPlan, arm: ArmPlan): string[] {
  switch (tagType(plan)) {
    case "bigint":
      return arm.labels.map((label) => `${label}n`);
    case "boolean":
      return arm.labels.map((label) => String(label !== "0"));
    default:
      return [...arm.labels];
  }
}

/** A default arm under a tag that another arm has would be read as that arm. */
function checkDefaultTag(out: Block, plan: UnionPlan, name: string): void {
  const labels = plan.arms.filter((arm) => !arm.isDefault).flatMap((arm) => labelsOf(plan, arm));
  if (labels.length > 0) out.add([call("w.defaultTag", "v.tag", quote(name), ...labels), ";"]);
}

const noFields = (): null => null;

function emitWrite(emitter: Emitter, entry: TypeEntry, plan: UnionPlan): void {
  const out = emitter.module.body;
  const writer = new ValueWriter(emitter, new Scope(["w", "v"]));
  const parameters = [`w: ${emitter.ndrType("NdrWriter")}`, `v: ${entry.ts}`];
  const name = plan.encapsulated?.discriminant ?? "tag";
  const tag = hasDefault(plan) ? 'v.type === "default" ? v.tag : v.type' : "v.type";
  out.add("");
  out.declare(signature(`write${entry.ts}`, parameters, "void"), () => {
    alignUnion(out, "w", plan);
    writer.inPlace(out, plan.switchType, { code: tag, name, fields: noFields });
    alignArms(out, "w", plan);
    switchOver(out, "w", plan, (body, arm) => {
      if (arm.isDefault) checkDefaultTag(body, plan, name);
      if (arm.field === null) return;
      writer.inPlace(body, arm.field.type, {
        code: "v.value",
        name: arm.field.name,
        fields: noFields,
      });
    });
  });
  if (!plan.hasDeferred) return;
  out.add("");
  out.declare(signature(`write${entry.ts}Targets`, parameters, "void"), () => {
    switchOver(out, null, plan, (body, arm) => {
      if (arm.field === null) return;
      writer.targets(body, arm.field.type, {
        code: "v.value",
        name: arm.field.name,
        fields: noFields,
      });
    });
  });
}

function emitRead(emitter: Emitter, entry: TypeEntry, plan: UnionPlan): void {
  const out = emitter.module.body;
  const name = plan.encapsulated?.discriminant ?? "tag";
  const from = `r: ${emitter.ndrType("NdrReader")}`;
  out.add("");
  out.declare(signature(`read${entry.ts}`, [from], entry.ts), () => {
    const reader = new ValueReader(emitter, new Scope(["r", "type", "value"]));
    alignUnion(out, "r", plan);
    const { code } = reader.inPlace(out, plan.switchType, {
      name,
      local: "type",
      fields: noFields,
    });
    out.add(`const type = ${code};`);
    alignArms(out, "r", plan);
    out.nest("switch (type)", () => {
      for (const arm of plan.arms) readArm(emitter, out, plan, arm);
      if (!hasDefault(plan)) {
        out.add("default:");
        out.add(["  throw ", call("r.noArm", "type", quote(name)), ";"]);
      }
    });
  });
  if (!plan.hasDeferred) return;
  out.add("");
  out.declare(signature(`read${entry.ts}Targets`, [from, `v: ${entry.ts}`], "void"), () => {
    const reader = new ValueReader(emitter, new Scope(["r", "v"]));
    switchOver(out, null, plan, (body, arm) => {
      if (arm.field === null) return;
      reader.targets(body, arm.field.type, "v.value", {
        name: arm.field.name,
        local: "value",
        fields: noFields,
      });
    });
  });
}

function readArm(emitter: Emitter, out: Block, plan: UnionPlan, arm: ArmPlan): void {
  const labels = arm.isDefault
    ? ["default:"]
    : labelsOf(plan, arm).map((label) => `case ${label}:`);
  const kind = arm.isDefault ? 'type: "default", tag: type' : "type";
  const { field } = arm;
  const body = new Block(out.margin + 2);
  let result = `return { ${kind} };`;
  if (field !== null) {
    const reader = new ValueReader(emitter, new Scope(["r", "type", "value"]));
    const read = reader.inPlace(body, field.type, {
      name: field.name,
      local: "value",
      fields: noFields,
    });
    result = `return { ${kind}, ${read.code === "value" ? "value" : `value: ${read.code}`} };`;
  }
  const isBlock = !body.isEmpty;
  body.add(result);
  out.addAll(labels.map((label, i) => `${label}${isBlock && i === labels.length - 1 ? " {" : ""}`));
  out.append(body);
  if (isBlock) out.add("}");
}

/** `switch (v.type)` over the arms that have something to do. */
function switchOver(
  out: Block,
  cursor: "w" | null,
  plan: UnionPlan,
  body: (out: Block, arm: ArmPlan) => void,
): void {
  const arms = plan.arms.map((arm) => {
    const inner = new Block(out.margin + 4);
    body(inner, arm);
    return { arm, inner };
  });
  const busy = arms.filter(({ inner }) => !inner.isEmpty);
  const idle = arms.filter(({ inner }) => inner.isEmpty);
  out.nest("switch (v.type)", () => {
    for (const { arm, inner } of busy) {
      out.addAll(caseLabels(plan, arm));
      out.append(inner);
      out.add("  break;");
    }
    if (idle.length > 0) {
      out.addAll(idle.flatMap(({ arm }) => caseLabels(plan, arm)));
      out.add("  break;");
    }
    if (cursor !== null) {
      out.add("default:");
      // A type of one form is not narrowed to `never`.
      const found = plan.arms.every(({ isDefault }) => isDefault)
        ? "(v as { type: unknown }).type as number"
        : `(v as { type: ${tagType(plan)} }).type`;
      out.add(`  throw ${cursor}.noArm(${found}, "type");`);
    }
  });
}

function caseLabels(plan: UnionPlan, arm: ArmPlan): string[] {
  if (arm.isDefault) return ['case "default":'];
  return labelsOf(plan, arm).map((label) => `case ${label}:`);
}

/** In NDR 2.0 a union begins where its tag does, which aligns itself. */
function alignUnion(out: Block, cursor: "w" | "r", plan: UnionPlan): void {
  const { align } = plan.layout.ndr64;
  if (align > 1) out.add(`${cursor}.align(1, ${align});`);
}

function alignArms(out: Block, cursor: "w" | "r", plan: UnionPlan): void {
  const { ndr, ndr64 } = plan.armAlign;
  if ((ndr ?? 1) > 1 || ndr64 > 1) out.add(`${cursor}.align(${ndr ?? 1}, ${ndr64});`);
}

/** A value with zeros for a tag, for an answer that is only a status. */
export function emitEmptyUnion(emitter: Emitter, entry: TypeEntry): void {
  const { plan } = entry;
  if (plan.kind !== "union") throw new Error(`${plan.name} is no union`);
  const out = emitter.module.body;
  const first = plan.arms.find((arm) => !arm.isDefault);
  const start = first === undefined ? "0" : (labelsOf(plan, first)[0] ?? "0");
  out.add("");
  out.comment("The zero value of the arm that the tag selects, the first arm's without one.");
  out.nest(
    `export function empty${entry.ts}(tag: ${tagType(plan)} = ${start}): ${entry.ts}`,
    () => {
      out.nest("switch (tag)", () => {
        for (const arm of plan.arms) {
          const value =
            arm.field === null ? "" : `, value: ${emptyValue(emitter, arm.field.type, noFields)}`;
          if (arm.isDefault) {
            out.add("default:");
            out.add(`  return { type: "default", tag${value} };`);
          } else {
            out.addAll(labelsOf(plan, arm).map((label) => `case ${label}:`));
            out.add(`  return { type: tag${value} };`);
          }
        }
        if (!hasDefault(plan)) {
          out.add("default:");
          out.add("  throw new RangeError(`no arm has the tag ${tag}`);");
        }
      });
    },
  );
}
