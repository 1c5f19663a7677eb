/** A capture file with the interfaces to read it by. */
import { type FollowedEvent, followCapture } from "@msrpc/rpc/follow";
import { type Found, idlFiles, openPlans } from "../find.ts";
import type { FrontOptions } from "../front.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";
import { Interfaces } from "./interfaces.ts";
import { watcherOf, type WatchOptions } from "./watch.ts";

export interface CaptureOptions extends FrontOptions, WatchOptions {
  readonly idl?: readonly string[];
}

export interface OpenCapture {
  readonly plans: readonly Found[];
  readonly interfaces: Interfaces;
  readonly events: Iterable<FollowedEvent>;
}

/**
 * Opens a capture; null where an IDL file has errors, which are then printed.
 *
 * @throws UsageError where there is no such file, or nothing to take interfaces from
 */
export async function openCapture(
  io: Io,
  file: string,
  options: CaptureOptions,
): Promise<OpenCapture | null> {
  const octets = io.readOctets(file);
  if (octets === null) throw new UsageError(`there is no file ${file}`);
  const plans = openPlans(io, idlFiles(io, options.idl ?? []), options);
  if (plans === null) return null;
  const events = followCapture(octets, { watch: await watcherOf(io, options) });
  return { plans, interfaces: new Interfaces(plans), events };
}
