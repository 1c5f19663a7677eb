export type * from "./plan.ts";
export { anyHandle } from "./plan.ts";
export { plan, type PlanResult } from "./lower/index.ts";
export { wireRules } from "./catalogue/index.ts";
export { type Syntax, syntaxes, wordSize } from "./syntax.ts";
export { isByte, primitiveSize, enumSize } from "./layout/primitive.ts";
export { decodeStub, decodeValue, type Decoded, type Direction } from "./interpret/decode.ts";
export { encodeStub, encodeValue } from "./interpret/encode.ts";
export { InterpretError, type FaultCode } from "./interpret/fault.ts";
export type { InterpretOptions } from "./interpret/options.ts";
export type { DecodedNode } from "./interpret/tree.ts";
export { type StructValue, type UnionValue, type Value, resultName } from "./interpret/value.ts";
export { formatUuid, parseUuid, type UuidParts } from "./interpret/uuid.ts";
export { expressionsIn, fieldPaths } from "./expressions.ts";
export { type Scope, dividesByZero, evaluate } from "./interpret/evaluate.ts";
export { explain, explainable } from "./explain/index.ts";
export {
  type Json,
  JsonValueError,
  noStatuses,
  statusName,
  type StatusTable,
} from "./json/json-value.ts";
export { stubFromJson, valueFromJson } from "./json/from-json.ts";
export { stubToJson, valueToJson } from "./json/to-json.ts";
export {
  type Change,
  type ChangeRange,
  type ComparedItem,
  type Comparison,
  type Verdict,
  type Verdicts,
} from "./compare/change.ts";
export { compareWire, isChanged } from "./compare/plans.ts";
export { type DrawnCall, drawCall, type DrawOptions, drawResponse, drawType } from "./draw/call.ts";
export { type Choices, seededChoices } from "./draw/choices.ts";
export { meaningful } from "./draw/meaningful.ts";
