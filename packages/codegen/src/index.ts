/** TypeScript from wire plans and overlays. */
export { bridgeOperations, type OperationBridge } from "./bridge/bridge.ts";
export type { FindPresentation, MakeHandle } from "./bridge/convert.ts";
export { codegenRules } from "./catalogue/index.ts";
export type { Files } from "./emit/emit.ts";
export { foldersOf } from "./emit/folders.ts";
export { generatePackage, type GeneratedFiles } from "./generate.ts";
export type { EmitInput, ImportedFile, OutputForm, Unit } from "./model/input.ts";
export { correctPlan, type CorrectedPlan } from "./overlay/correct-plan.ts";
export { draftOverlay, type DocumentFacts, type DraftedOverlay } from "./overlay/draft-overlay.ts";
export {
  loadOverlay,
  noOverlay,
  overlayPathOf,
  type LoadedOverlay,
} from "./overlay/load-overlay.ts";
export { matchOverlays } from "./overlay/match-overlay.ts";
export type * from "./overlay/overlay.ts";
export { type OperationStatuses, statusesOf } from "./overlay/statuses.ts";
export {
  readLibraries,
  statusLibraries,
  type StatusLibrary,
} from "./overlay/statuses/libraries.ts";
