/** PDUs of the connection-oriented protocol as octets and as data ([C706] 12.6, [MS-RPCE] 2.2.2). */
export { callHeaderLength, decodeBody, decodePdu, faultHeaderLength } from "./decode.ts";
export { type CallHead, callHeadLength, encodePdu, putCallHead, wholeMessage } from "./encode.ts";
export { PduError, type PduErrorCode } from "./error.ts";
export { bindFeatures, featuresOf, featureSyntax } from "./features.ts";
export {
  headerLength,
  largestFragment,
  mustReceive,
  pduFlags,
  type PduHeader,
  type PduType,
  pduTypes,
  putHeader,
  readFragLength,
  readHeader,
  trailerLength,
} from "./header.ts";
export {
  type ContextProposal,
  type ContextResult,
  contextResults,
  rejectionReasons,
  sameSyntax,
} from "./presentation.ts";
export type * from "./types.ts";
export { nakName, nakReasons } from "./types.ts";
export { appendTrailer, findTrailer, type VerificationTrailer } from "./verification-trailer.ts";
export { putTrailer, type Verifier, verifierOffset } from "./verifier.ts";
