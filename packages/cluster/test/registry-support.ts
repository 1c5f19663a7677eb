/** A cluster over a transport without a network, and what tests of its registry say often. */
import {
  Cluster,
  type ClusterOptions,
  defaultDefinition,
  defineCluster,
  type ServeClusterOptions,
} from "@msrpc/cluster";
import { clusapi2, clusapi3, type KeyHandle } from "@msrpc/ms-cmrp";
import { type Client, createClient, inMemoryTransport } from "@msrpc/rpc";
import { testedRouter } from "./conformance/tested-router.ts";

/** MAXIMUM_ALLOWED. */
export const most = 0x0200_0000;
export const key = {
  queryValue: 1,
  setValue: 2,
  createSubKey: 4,
  enumerate: 8,
  notify: 0x10,
  read: 0x2_0019,
  all: 0xf_003f,
} as const;

export type TestClient = Client<typeof clusapi3.operations>;

export interface Started {
  readonly cluster: Cluster;
  readonly client: TestClient;
  /** Another client, with handles of its own. */
  connect(): TestClient;
  /** One of version 2.0. */
  connect2(): Client<typeof clusapi2.operations>;
  /** What callers may do from now on. Default: "all". */
  allow(level: "read" | "all" | null): void;
}

/** Time stands at a second after 1970, and IDs are counted. */
export function startCluster(
  options: Omit<ClusterOptions, "surroundings"> = {},
  served: ServeClusterOptions = {},
): Started {
  let level: "read" | "all" | null = "all";
  let made = 0;
  const surroundings = {
    now: () => 1000,
    newId: () => `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`,
  };
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), {
    ...options,
    surroundings,
  });
  const router = testedRouter(cluster, { policy: () => level, ...served });
  const connect = (): TestClient => createClient(clusapi3, inMemoryTransport(router));
  return {
    cluster,
    client: connect(),
    connect,
    connect2: () => createClient(clusapi2, inMemoryTransport(router)),
    allow: (next) => void (level = next),
  };
}

export function utf16(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(`${text}\0`, "utf16le"));
}

/** A key below the root, made where it isn't there. */
export async function keyAt(
  client: TestClient,
  path: string,
  sam: number = most,
): Promise<KeyHandle> {
  const root = await client.getRootKey({ samDesired: most });
  const { returnValue } = await client.createKey({
    key: root,
    subKey: path,
    options: 0,
    samDesired: sam,
    securityAttributes: null,
  });
  return returnValue;
}

/** The name of the status that an operation answers. */
export async function statusOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "ERROR_SUCCESS",
    (error: unknown) => (error as { statusName?: string }).statusName ?? error,
  );
}
