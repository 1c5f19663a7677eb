/** Regenerates the packages of a config and tells their size, for scripts that report it. */
import type { PackageConfig } from "./config.ts";
import { hasErrors, printDiagnostics } from "./front.ts";
import { generatePackages } from "./generate-packages.ts";
import type { Io } from "./io.ts";
import { writePackage } from "./output.ts";

/** An interface of a package, or a package without one. */
export interface RegeneratedRow {
  readonly interface: string;
  readonly operations: number;
  readonly types: number;
  readonly files: number;
  readonly lines: number;
  /** Of the whole package that the interface is in. */
  readonly ms: number;
}

/** Writes the packages and gives a row an interface; null, with the errors printed, where there are some. */
export function regenerate(io: Io, packages: readonly PackageConfig[]): RegeneratedRow[] | null {
  const { packages: generated, diagnostics, sources } = generatePackages(io, packages, {});
  printDiagnostics(io, diagnostics, sources);
  if (hasErrors(diagnostics)) return null;
  return generated.flatMap((each) => {
    writePackage(io, each);
    const ms = Math.round(each.milliseconds);
    return each.units.map((unit) => {
      const [plan] = unit.plan.interfaces;
      const folder = each.folders.get(unit.file) ?? "";
      // Files beside the folders are what the interfaces of a package share.
      const texts = [...each.files].filter(
        ([path]) => path.startsWith("src/") && path.slice(4, path.lastIndexOf("/") + 1) === folder,
      );
      return {
        interface:
          plan === undefined
            ? each.config.name
            : `${plan.name} ${plan.version.major}.${plan.version.minor}`,
        operations: plan?.operations.length ?? 0,
        types: Object.keys(unit.plan.types).length,
        files: texts.length,
        lines: texts.reduce((sum, [, text]) => sum + text.split("\n").length - 1, 0),
        ms,
      };
    });
  });
}
