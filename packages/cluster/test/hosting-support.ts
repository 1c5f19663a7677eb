/** A cluster with one resource, of a type that a test is about. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Cluster,
  defineCluster,
  type DefinedValues,
  type HostingType,
  resourceHost,
  type ResourceHostOptions,
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
  /** Ends what is hosted. */
  close(): Promise<void>;
  online(): void;
  offline(): void;
  /** Resolves when the resource is in a state. */
  reaches(state: (typeof ResourceState)[keyof typeof ResourceState]): Promise<void>;
}

/** Offline, and with nothing done when it fails. */
export function host(
  type: HostingType,
  privateProperties: DefinedValues = {},
  options: Pick<ResourceHostOptions, "patience"> = {},
): Hosted {
  const surroundings = { now: () => Date.now(), newId: () => crypto.randomUUID() };
  const errors: string[] = [];
  const output: string[] = [];
  const made = resourceHost({
    types: [type],
    onError: (error) => errors.push(String(error)),
    onOutput: (line, from) => output.push(`${from}: ${line}`),
    ...options,
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
    close: () => made.close(),
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

/**
 * A named pipe that programs keep open by `exec 9> PATH`, and what they start with them. `ended` resolves when one has, and all who
 * had it have ended.
 */
export function pipe(path: string): { readonly path: string; readonly ended: Promise<unknown> } {
  execFileSync("/bin/sh", ["-c", 'mkfifo "$0"', path]);
  return { path, ended: readFile(path) };
}

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "hosting-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export interface Script {
  readonly path: string;
  /** What it was called with, a line each. */
  calls(): string[];
  /** What it does from now on. */
  does(body: string): void;
}

/** A program of the shell that writes down how it was called. */
export function script(body = ""): Script {
  const at = folder();
  const path = join(at, "script.sh");
  const log = join(at, "log");
  // In the place of the former, at once: it may be called at any moment.
  const does = (text: string): void => {
    writeFileSync(`${path}.new`, `#!/bin/sh\necho "$@" >> '${log}'\n${text}\n`, { mode: 0o700 });
    renameSync(`${path}.new`, path);
  };
  does(body);
  const calls = (): string[] =>
    existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  return { path, calls, does };
}
