/** Finds an operation or type by name: in the IDL files given, or in those of the config. */
import {
  correctPlan,
  type LoadedOverlay,
  type OperationStatuses,
  statusesOf,
} from "@msrpc/codegen";
import type { Diagnostic, SourceText } from "@msrpc/idl";
import { nearest } from "@msrpc/idl";
import type { InterfacePlan, OperationPlan, WirePlan } from "@msrpc/wire";
import { CONFIG_FILE, configuredFor, readConfig } from "./config.ts";
import {
  withConfigured,
  hasErrors,
  openIdl,
  printDiagnostics,
  type FrontOptions,
} from "./front.ts";
import { overlayOf } from "./generate-packages.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** A plan that has the name, with the corrections of its overlay, and the file it was made from. */
export interface Found {
  readonly file: string;
  readonly plan: WirePlan;
  readonly overlay: LoadedOverlay;
}

/** An operation that can be sent, and what it stands in. */
export interface FoundOperation {
  readonly plan: WirePlan;
  readonly interface: InterfacePlan;
  readonly operation: OperationPlan;
  readonly statuses: OperationStatuses;
}

/**
 * The files to look into.
 *
 * @throws UsageError where none were given and there is no config to take them from
 */
export function idlFiles(io: Io, given: readonly string[]): readonly string[] {
  if (given.length > 0) return given;
  if (io.read(CONFIG_FILE) === null) {
    throw new UsageError(
      `name an IDL file: there is no ${CONFIG_FILE} here to take the files from`,
    );
  }
  return readConfig(io, CONFIG_FILE).packages.flatMap(({ idl }) => idl);
}

/**
 * The plans of files, with the corrections of their overlays, or null where a file has errors, which are then
 * printed.
 */
export function openPlans(
  io: Io,
  files: readonly string[],
  options: FrontOptions,
): readonly Found[] | null {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceText>();
  const found = files.map((file): Found => {
    const front = openIdl(io, file, withConfigured(options, configuredFor(io, file)));
    const overlay = overlayOf(io, file);
    diagnostics.push(...front.diagnostics);
    for (const [path, source] of front.sources) sources.set(path, source);
    return { file, plan: correctPlan(front.plan, overlay).plan, overlay };
  });
  if (!hasErrors(diagnostics)) return found;
  printDiagnostics(io, diagnostics, sources);
  return null;
}

/**
 * The plans that have `name` among the names that `namesOf` gives, or null where a file has errors, which
 * are then printed.
 *
 * @throws UsageError where nothing has the name
 */
export function findByName(
  io: Io,
  files: readonly string[],
  options: FrontOptions,
  name: string,
  namesOf: (plan: WirePlan) => readonly string[],
): readonly Found[] | null {
  const plans = openPlans(io, files, options);
  return plans === null ? null : having(plans, name, namesOf);
}

function having(
  plans: readonly Found[],
  name: string,
  namesOf: (plan: WirePlan) => readonly string[],
): readonly Found[] {
  const found = plans.filter(({ plan }) => namesOf(plan).includes(name));
  if (found.length > 0) return found;
  const close = nearest(name, [...new Set(plans.flatMap(({ plan }) => namesOf(plan)))]);
  const hint = close === null ? "" : `; did you mean ${close}?`;
  const files = plans.map(({ file }) => file).join(", ");
  throw new UsageError(`nothing is called ${name} in ${files}${hint}`);
}

/**
 * The one operation of a name, plain or with its interface in front.
 *
 * @throws UsageError where there is none, or several, or where it is not used on the wire
 */
export function findOperation(plans: readonly Found[], wanted: string): FoundOperation {
  const [first, second] = having(plans, wanted, operationNames);
  if (first === undefined || second !== undefined) {
    const files = having(plans, wanted, operationNames).map(({ file }) => file);
    throw new UsageError(`${wanted} is in ${files.join(", ")}: choose one with --idl`);
  }
  const matches = first.plan.interfaces.flatMap((each) =>
    each.operations
      .filter(({ name }) => [name, `${each.name}.${name}`].includes(wanted))
      .map((operation) => ({ interface: each, operation })),
  );
  const [match] = matches;
  if (matches.length > 1) {
    const names = matches.map(({ interface: { name }, operation }) => `${name}.${operation.name}`);
    throw new UsageError(`${wanted} is in several interfaces: write ${names.join(", ")}`);
  }
  if (match === undefined || match.operation.form === "absent") {
    throw new UsageError(`${wanted} is not used on the wire`);
  }
  const statuses = statusesOf(first.overlay, match.interface.name, match.operation);
  return { plan: first.plan, ...match, statuses };
}

/** Plain, and with the interface in front: `clusapi.ApiOpenGroup`. */
function operationNames(plan: WirePlan): string[] {
  return plan.interfaces.flatMap((each) =>
    each.operations.flatMap(({ name }) => [name, `${each.name}.${name}`]),
  );
}
