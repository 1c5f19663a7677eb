/** A cluster with one resource, of a type that a test is about. */
import {
  Cluster,
  defineCluster,
  type DefinedValues,
  type HostingType,
  resourceHost,
} from "@msrpc/cluster";
import type { ResourceState } from "@msrpc/ms-cmrp";
import { onTestFinished } from "vitest";
import { offlineResource, onlineResource } from "../src/core/online.ts";
import type { Resource } from "../src/model/objects.ts";

export interface Hosted {
  readonly cluster: Cluster;
  readonly resource: Resource;
  /** What was said of failures. */
  readonly errors: string[];
  /** What was printed, and where to. */
  readonly output: string[];
  online(): void;
  offline(): void;
  /** Resolves when the resource is in a state. */
  reaches(state: (typeof ResourceState)[keyof typeof ResourceState]): Promise<void>;
}

/** Offline, and with nothing done when it fails. */
export function host(type: HostingType, privateProperties: DefinedValues = {}): Hosted {
  const surroundings = { now: () => Date.now(), newId: () => crypto.randomUUID() };
  const errors: string[] = [];
  const output: string[] = [];
  const made = resourceHost({
    types: [type],
    onError: (error) => errors.push(String(error)),
    onOutput: (line, from) => output.push(`${from}: ${line}`),
  });
  onTestFinished(() => made.close());
  const properties = { RestartAction: 0 };
  const resources = [{ name: "R", type: type.type, properties, privateProperties }];
  const definition = {
    name: "c",
    nodes: [{ name: "n1" }],
    networks: [],
    resourceTypes: [{ name: type.type }],
    groups: [{ name: "G", resources }],
  };
  const state = defineCluster(definition, surroundings, made);
  const cluster = new Cluster(state, { surroundings, host: made });
  const resource = state.resources.find("R") as Resource;
  return {
    cluster,
    resource,
    errors,
    output,
    online: () => cluster.run((tx) => onlineResource(tx, resource)),
    offline: () => cluster.run((tx) => offlineResource(tx, resource)),
    reaches: (wanted) =>
      new Promise((resolve) => {
        const isThere = (): void => {
          if (resource.state === wanted) resolve();
        };
        onTestFinished(cluster.listen(isThere));
        isThere();
      }),
  };
}
