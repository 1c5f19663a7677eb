/** Calls that may say anything, and what a server may do about them: answer as documented, and nothing else. */
import { NdrError } from "@msrpc/ndr";
import { RpcError, RpcFault, type ServerAssociation, inMemoryTransport } from "@msrpc/rpc";
import { Status } from "@msrpc/ms-cmrp";
import { expect } from "vitest";
import { memoryStore, type StateStore } from "@msrpc/cluster";
import { expectKept, registryOf } from "../model-support.ts";
import { newScene, type Scene } from "./scene.ts";

/** Faults that the runtime answers: for handles that are none, stubs that can't be read, and answers too large to be made. */
const runtimeFaults: ReadonlySet<number> = new Set([0x1c00_001a, 0x0000_06f7, 0x1c00_001b]);

/** What is answered of things that have begun, and may have failed. */
const answersOfChanges: ReadonlySet<number> = new Set([
  0,
  Status.ERROR_IO_PENDING,
  Status.ERROR_RESOURCE_PROPERTIES_STORED,
  Status.ERROR_RESOURCE_FAILED,
  Status.ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED,
]);

/** How a call ended: with the status of its answer, with a fault, by itself at the client, or not at all. */
export type End =
  | { readonly kind: "answer" | "fault"; readonly status: number }
  | { readonly kind: "unsent" | "waiting" };

/** Runs a call as far as it goes without anything else happening; a call that waits is given up. */
export async function endOf(
  run: (signal: AbortSignal) => Promise<unknown>,
  statusIn: (result: unknown) => number = returnValueOf,
): Promise<End> {
  const given = new AbortController();
  const call = run(given.signal).then(
    (result): End => ({ kind: "answer", status: statusIn(result) }),
    (error: unknown): End => {
      if (error instanceof RpcError) return { kind: "answer", status: error.status };
      if (error instanceof RpcFault) return { kind: "fault", status: error.status };
      if (error instanceof NdrError) return { kind: "unsent" };
      if (given.signal.aborted) return { kind: "waiting" };
      throw error;
    },
  );
  // Calls in one process need no more than this, but for those that wait for something to happen.
  const idle = new Promise<null>((resolve) => setImmediate(resolve, null));
  const end = await Promise.race([call, idle]);
  if (end !== null) return end;
  given.abort(new Error("it waits"));
  return await call;
}

function returnValueOf(result: unknown): number {
  const { returnValue } = (result ?? {}) as { readonly returnValue?: unknown };
  return typeof returnValue === "number" ? returnValue : 0;
}

/** What a server has of a client, what has happened to the cluster, and what its store was given to keep. */
export class Watch {
  readonly scene: Scene;
  readonly #kept = memoryStore();
  #events = 0;
  #commits = 0;
  #association: ServerAssociation | null = null;

  constructor() {
    const { load, commit } = this.#kept;
    const store: StateStore = {
      load,
      commit: (changes, now) => {
        this.#commits++;
        commit(changes, now);
      },
    };
    this.scene = newScene({}, store);
    this.scene.cluster.listen(() => void this.#events++);
  }

  /** A transport whose last association is the one that is watched. */
  transport(syntax: "ndr" | "ndr64" = "ndr"): ReturnType<typeof inMemoryTransport> {
    const { router } = this.scene;
    const open = (): ServerAssociation => (this.#association = router.open());
    return inMemoryTransport({ ...router, open }, { syntax });
  }

  get handles(): number {
    return this.#association?.handles.size ?? 0;
  }

  /** Runs a call, and demands that it is answered as it may be, and has left nothing behind where it was refused. */
  async hold(about: string, run: () => Promise<End>): Promise<End> {
    const before = this.#done();
    const end = await run();
    if (end.kind === "fault")
      expect(runtimeFaults, `${about}: fault ${end.status}`).toContain(end.status);
    const mayChange = end.kind === "answer" && answersOfChanges.has(end.status);
    if (!mayChange) expect(this.#done(), about).toEqual(before);
    return end;
  }

  /** Demands that the registry is what the store was given, no more and no less, and that objects are what it says. */
  demandKept(): void {
    const { state } = this.scene.cluster;
    expect(registryOf(state.registry)).toEqual(registryOf(this.#kept.load()!));
    expectKept(state);
  }

  #done(): object {
    return { events: this.#events, commits: this.#commits, handles: this.handles };
  }
}

/** Numbers below a bound, the same ones for the same seed. */
export function numbers(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
