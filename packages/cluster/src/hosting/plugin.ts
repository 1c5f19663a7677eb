/** What a resource type is made of that stands for something real: a program, an address, a share. */
import type { Resource } from "../model/objects.ts";
import type { OutputStream } from "./output.ts";
import type { PropertyDefinition } from "../property/schema.ts";

export interface HostingType {
  /** Name of the resource type, without regard to case. */
  readonly type: string;
  /** The private properties of its resources. Default: those that are known of a type of that name, or none. */
  readonly properties?: readonly PropertyDefinition[];
  /**
   * Brings a resource online: it is online when this gives back or resolves, and failed when it throws. When the signal
   * is aborted nobody waits any more, and what there is of it should end before this does.
   */
  online(resource: HostedResource, signal: AbortSignal): Running | Promise<Running>;
}

/** A resource that is online. */
export interface Running {
  /** Takes it offline in good order: it is offline when this gives back or resolves, and failed when it throws. */
  offline(parameters: Uint8Array): void | Promise<void>;
  /**
   * Ends it at once, whatever comes of that; also while `offline` is at it. It has ended when this gives back or resolves,
   * and is not waited for longer than `givenUp` of the resource says. It must not throw.
   */
  terminate(): void | Promise<void>;
  /**
   * A cheap look at it, and a close one; what throws, or takes longer than DeadlockTimeout, has found it dead. Without
   * them it lives until it says that it has failed.
   */
  looksAlive?(): boolean | Promise<boolean>;
  isAlive?(): boolean | Promise<boolean>;
}

/** What a type's code sees of a resource. */
export interface HostedResource {
  readonly resource: Readonly<Pick<Resource, "id" | "name" | "type">>;
  /** What the request had for it; often empty. */
  readonly parameters: Uint8Array;
  /** Name of the cluster. */
  readonly cluster: string;
  /** A private property that is text, with variables replaced in an EXPAND_SZ; empty where there is none. */
  text(name: string): string;
  /** A private property that is a list of texts. */
  texts(name: string): readonly string[];
  /** A private property that is a DWORD; 0 where there is none. */
  number(name: string): number;
  /** Says that it is no longer online, or won't be, and why: an error, or a text. */
  fail(why?: unknown): void;
  /** Hands on a line that it printed: to the log, where there is one. Of very many some are left out. */
  printed(line: string, from: OutputStream): void;
  /** Aborted when what was to end has not ended in time, and nobody waits for that any more. */
  readonly givenUp: AbortSignal;
  /** Has clients leave it, and its group, as they are. */
  lock(isLocked: boolean): void;
}
