/** Lowering: a checked program in, a wire plan out. */
import { type Diagnostic, limitDiagnostics, type Program } from "@msrpc/idl";
import type { ConstantPlan, InterfacePlan, WirePlan } from "../plan.ts";
import { type Lowering, startLowering } from "./context.ts";
import { layOut } from "./finish.ts";
import { lowerInterface } from "./interfaces.ts";
import { nothingPending } from "./pending.ts";
import { findSound, withSoundOperations } from "./sound.ts";
import { lowerPostponed, useTag } from "./types.ts";
import { lowerUse } from "./use.ts";

export interface PlanResult {
  readonly plan: WirePlan;
  /** What can't be planned. An operation or type with an error is absent from the plan. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plans every interface of the files given to the compiler, every type that their operations use, and every
 * other structure, union and enumeration of these files that has a form on the wire.
 */
export function plan(program: Program): PlanResult {
  const lowering = startLowering(program, lowerUse);
  const interfaces: InterfacePlan[] = [];
  for (const symbol of program.interfaces) {
    const planned = lowerInterface(lowering, symbol);
    if (planned) interfaces.push(planned);
  }
  lowerUnused(lowering);
  lowerPostponed(lowering);
  const sound = findSound(lowering);
  return {
    plan: {
      format: 1,
      interfaces: interfaces.map((each) => withSoundOperations(each, sound)),
      types: layOut(sound.drafts),
      constants: constantsOf(lowering),
    },
    diagnostics: limitDiagnostics(lowering.diagnostics),
  };
}

/** Types that no operation uses. What can't be sent of them does no harm. */
function lowerUnused(lowering: Lowering): void {
  lowering.severity = "info";
  for (const symbol of lowering.program.types) {
    if (symbol.kind === "typedef" || !symbol.isComplete) continue;
    if (!lowering.program.roots.includes(symbol.span.file)) continue;
    // A union whose discriminant is only known by its uses is planned with these.
    if (symbol.kind === "union" && !symbol.discriminant && !symbol.switchType) continue;
    const site = {
      owner: `\`${symbol.name}\``,
      span: symbol.span,
      pointerDefault: "unique",
      siblings: [],
    } as const;
    const switchIs = { op: "const", value: "0" } as const;
    useTag(lowering, site, symbol, { ...nothingPending, switchIs });
  }
}

function constantsOf(lowering: Lowering): ConstantPlan[] {
  const { program, place } = lowering;
  const own = program.constants.filter(({ span }) => program.roots.includes(span.file));
  return own.map(({ name, value, span }) => ({
    name,
    value: constantValue(value),
    place: place(span),
  }));
}

function constantValue(value: bigint | number | string | null): ConstantPlan["value"] {
  if (value === null) return null;
  if (typeof value === "bigint") return { integer: String(value) };
  return typeof value === "number" ? { float: value } : { text: value };
}
