/** Help for testing decoders. */
export {
  fuzzDecoder,
  FuzzFailure,
  type FuzzOptions,
  type FuzzReport,
  randomSource,
} from "./fuzz.ts";
