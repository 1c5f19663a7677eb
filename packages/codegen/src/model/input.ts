/** What code generation takes: plans with their overlays, and the package they become. */
import type { WirePlan } from "@msrpc/wire";
import type { LoadedOverlay } from "../overlay/load-overlay.ts";

/** One IDL file of a package. */
export interface Unit {
  /** As the header of generated files names it: `idl/ms-cmrp/clusapi3.idl`. */
  readonly file: string;
  /** Of the file's text, in hexadecimal. */
  readonly sha256: string;
  readonly plan: WirePlan;
  readonly overlay: LoadedOverlay;
}

/** An IDL file whose types another package holds. */
export interface ImportedFile {
  /** As `Place.file` of a plan names it. */
  readonly file: string;
  readonly package: string;
  /** What that package was generated with: it decides the names. */
  readonly overlay: LoadedOverlay;
  /** The versions of the package that `package.json` asks for; without it those of the package generated. */
  readonly range?: string;
}

/**
 * - `modules`: modules alone, to stand in somebody's source folder
 * - `package`: a package by itself, with the runtime as published
 * - `workspace`: a package of a pnpm workspace that has the runtime in it, as this one
 */
export type OutputForm = "modules" | "package" | "workspace";

export interface EmitInput {
  readonly form: OutputForm;
  /** `@msrpc/ms-cmrp`. */
  readonly package: string;
  readonly version: string;
  readonly description: string;
  readonly units: readonly Unit[];
  readonly imports: readonly ImportedFile[];
  /** The generator, for headers: `msrpc 0.1.0`. */
  readonly generator: string;
}
