/** What can be heard of connections, PDUs and calls through `node:diagnostics_channel`. */
export {
  channelNames,
  type ConnectionEvent,
  type ConnectionInfo,
  type Endpoint,
  type PduEvent,
} from "./events.ts";
export { type CallEvent, traced } from "./traced.ts";
