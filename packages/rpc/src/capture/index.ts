/** Captures the process's own connections into files that Wireshark reads. */
export { type Capture, type CaptureOptions, captureTo } from "./capture.ts";
export {
  type SessionEnd,
  type SessionWriter,
  writeSession,
  type WrittenConnection,
} from "./session-writer.ts";
