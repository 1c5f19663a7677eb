/** Follows RPC in capture files. Runs in a browser. */
export type {
  Flow,
  FollowedBind,
  FollowedContext,
  FollowedEvent,
  FollowedFault,
  FollowedMessage,
  FollowedProblem,
  FollowedRefusal,
  FollowOptions,
  SecurityWatcher,
} from "./events.ts";
export { nameOf as securityName } from "./conversation.ts";
export { followCapture } from "./follow.ts";
