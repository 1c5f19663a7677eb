/** What a command has hosts of resources do, when all that it changed is kept. Their answers come back as commands. */

export interface Effect {
  /** `terminate` has no answer: what the host still does for the resource is to end, whatever comes of it. */
  readonly type: "online" | "offline" | "terminate";
  /** ID of the resource. */
  readonly resource: string;
  /** What an answer has to name. */
  readonly attempt: number;
  /** What the request had for the host; often empty. */
  readonly parameters: Uint8Array;
}
