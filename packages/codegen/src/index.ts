/** TypeScript from wire plans and overlays. */
export { emitPackage, type Files } from "./emit/emit.ts";
export { foldersOf } from "./emit/folders.ts";
export type { EmitInput, ImportedFile, Unit } from "./model/input.ts";
export {
  loadOverlay,
  noOverlay,
  overlayPathOf,
  type LoadedOverlay,
} from "./overlay/load-overlay.ts";
export type * from "./overlay/overlay.ts";
