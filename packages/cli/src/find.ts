/** Finds an operation or type by name: in the IDL files given, or in those of the config. */
import { correctPlan } from "@msrpc/codegen";
import type { Diagnostic, SourceText } from "@msrpc/idl";
import { nearest } from "@msrpc/idl";
import type { WirePlan } from "@msrpc/wire";
import { CONFIG_FILE, loweredFor, readConfig } from "./config.ts";
import { alsoLowered, hasErrors, openIdl, printDiagnostics, type FrontOptions } from "./front.ts";
import { overlayOf } from "./generate-packages.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** A plan that has the name, with the corrections of its overlay, and the file it was made from. */
export interface Found {
  readonly file: string;
  readonly plan: WirePlan;
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
  const found: Found[] = [];
  const others = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceText>();
  for (const file of files) {
    const front = openIdl(io, file, alsoLowered(options, loweredFor(io, file)));
    const { plan } = correctPlan(front.plan, overlayOf(io, file));
    const names = namesOf(plan);
    if (names.includes(name)) found.push({ file, plan });
    for (const other of names) others.add(other);
    diagnostics.push(...front.diagnostics);
    for (const [path, source] of front.sources) sources.set(path, source);
  }
  if (hasErrors(diagnostics)) {
    printDiagnostics(io, diagnostics, sources);
    return null;
  }
  if (found.length === 0) {
    const close = nearest(name, [...others]);
    const hint = close === null ? "" : `; did you mean ${close}?`;
    throw new UsageError(`nothing is called ${name} in ${files.join(", ")}${hint}`);
  }
  return found;
}

/** Plain, and with the interface in front: `clusapi.ApiOpenGroup`. */
export function operationNames(plan: WirePlan): string[] {
  return plan.interfaces.flatMap((each) =>
    each.operations.flatMap(({ name }) => [name, `${each.name}.${name}`]),
  );
}
