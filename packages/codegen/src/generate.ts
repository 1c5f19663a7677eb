/** The whole of code generation for a package: overlays matched and applied, files emitted. */
import { diagnose, type Diagnostic } from "@msrpc/idl";
import type { TypePlan } from "@msrpc/wire";
import { callbacksLeftOut, nameTaken } from "./catalogue/rules.ts";
import { emitPackage, type Files } from "./emit/emit.ts";
import { pipeMember } from "./emit/message.ts";
import { operationEntry } from "./model/operation.ts";
import { returnValue, type RecordModel } from "./model/record.ts";
import type { EmitInput } from "./model/input.ts";
import { Registry } from "./model/registry.ts";
import { checkClosers } from "./overlay/check-closers.ts";
import { checkPresentations } from "./overlay/check-presentations.ts";
import { correctPlan } from "./overlay/correct-plan.ts";
import { matchOverlays } from "./overlay/match-overlay.ts";

export interface GeneratedFiles {
  /** Texts by path, from the package's folder; none where there is an error. */
  readonly files: Files;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Generates a package. Plans are those of the IDL; corrections of overlays are applied here. What was wrong
 * with reading the overlays, the caller knows from `loadOverlay`.
 */
export function generatePackage(input: EmitInput): GeneratedFiles {
  const diagnostics = matchOverlays(input.units);
  const corrected = input.units.map((unit) => ({ unit, ...correctPlan(unit.plan, unit.overlay) }));
  diagnostics.push(...corrected.flatMap((unit) => unit.diagnostics));
  const sound: EmitInput = {
    ...input,
    units: corrected.map(({ unit, plan }) => ({ ...unit, plan })),
  };
  const registry = new Registry(sound);
  diagnostics.push(...takenNames(registry), ...checkClosers(registry));
  diagnostics.push(...checkPresentations(registry), ...leftOut(registry));
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error"))
    return { files: new Map(), diagnostics };
  const emitted = emitPackage(sound);
  return { files: emitted.files, diagnostics: [...diagnostics, ...emitted.diagnostics] };
}

/** Names that two types of a file, or two operations of an interface, would have in common. */
function takenNames(registry: Registry): Diagnostic[] {
  const found: Diagnostic[] = [];
  const claims = new Map<string, { readonly idlName: string; readonly identity: string }>();
  const claim = (
    scope: string,
    name: string,
    idlName: string,
    unit: EmitInput["units"][number],
    path: string[],
    /** What tells it from others of that name. */
    identity = idlName,
  ): void => {
    const first = claims.get(`${scope}#${name}`) ?? { idlName, identity };
    claims.set(`${scope}#${name}`, first);
    if (first.identity === identity) return;
    const names = { name, first: first.idlName, second: idlName };
    found.push(diagnose(nameTaken, unit.overlay.locate(path), names));
  };
  const claimMembers = (
    { slots }: RecordModel,
    scope: string,
    unit: EmitInput["units"][number],
    path: string[],
  ): void => {
    for (const { wire, role } of slots) {
      const key = wire === returnValue ? "return" : wire;
      if (role.kind === "member") claim(scope, role.name, wire, unit, [...path, key]);
    }
  };
  for (const { plan, ts, home, unit, record } of registry.ownTypes()) {
    const scope = "file" in home ? home.file.replace(/[^/]*$/, "") : home.package;
    const idlName = plan.aliases[0] ?? plan.name;
    for (const name of [ts, ...partsOf(plan, ts)])
      claim(scope, name, idlName, unit, ["types", idlName], plan.name);
    if (record !== null)
      claimMembers(record, `${scope} ${ts}.`, unit, ["types", idlName, "fields"]);
  }
  for (const unit of registry.input.units) {
    for (const name of Object.keys(unit.overlay.overlay.enums ?? {}))
      claim(registry.enumFolder(unit, name), name, `the enumeration ${name}`, unit, [
        "enums",
        name,
      ]);
  }
  for (const entry of registry.interfaces) {
    claim("", entry.ts, `${entry.unit.file}, ${entry.plan.name}`, entry.unit, [
      "interfaces",
      entry.plan.name,
    ]);
    for (const operation of entry.plan.operations) {
      const names = entry.names.get(operation.opnum);
      if (names === undefined) continue;
      const path = ["interfaces", entry.plan.name, "operations", operation.name];
      claim(`${entry.folder} operations`, names.ts, operation.name, entry.unit, path);
      const { request, response, inPipes, outPipes } = operationEntry(operation, entry, registry);
      const messages = [
        { kind: "request", record: request, pipes: inPipes },
        { kind: "response", record: response, pipes: outPipes },
      ];
      for (const { kind, record, pipes } of messages) {
        const scope = `${entry.folder} ${operation.opnum} ${kind}`;
        claimMembers(record, scope, entry.unit, [...path, "params"]);
        for (const pipe of pipes)
          claim(scope, pipeMember(pipe), pipe.name, entry.unit, [...path, "params", pipe.name]);
      }
    }
  }
  return found;
}

/** What functions of a type are called after, beside its name. */
function partsOf(plan: TypePlan, ts: string): string[] {
  const hasDeferred = (plan.kind === "struct" || plan.kind === "union") && plan.hasDeferred;
  const isHoisted = plan.kind === "struct" && plan.hoisted > 0;
  return [
    ...(hasDeferred ? [`${ts}Targets`] : []),
    ...(isHoisted ? [`${ts}Counts`, `${ts}Body`] : []),
  ];
}

/** What the files don't hold of an interface. */
function leftOut(registry: Registry): Diagnostic[] {
  return registry.interfaces.flatMap(({ plan, unit }) => {
    const span = unit.overlay.locate(["interfaces", plan.name]);
    return plan.callbacks.length > 0 ? [diagnose(callbacksLeftOut, span, { name: plan.name })] : [];
  });
}
