/** Every method that a server of ours has, in both versions. */
import type { ServeClusterOptions } from "@msrpc/cluster";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { type Method, methods, type Version } from "../../src/service/methods/table.ts";
import { needsOfMethod } from "./needs.ts";
import { handlesFor, prepare, type Side } from "./prepare.ts";
import { requestOf } from "./requests.ts";
import { type Client3, handlesOf, newScene, type Scene, statusOfCall } from "./scene.ts";
import type { AccessLevel } from "../../src/service/opened.ts";

export interface Called {
  readonly version: Version;
  /** In the descriptor. */
  readonly key: string;
  readonly method: Method;
}

/** By their names, for titles of tests. */
export const called: readonly (readonly [name: string, Called])[] = ([3, 2] as const).flatMap(
  (version) => {
    const { operations } = version === 3 ? clusapi3 : clusapi2;
    return Object.entries(operations).flatMap(([key, { name, opnum }]): [string, Called][] => {
      const method = methods[version].get(opnum);
      const isServed = needsOfMethod(version, opnum) !== null;
      if (method === undefined || !isServed) return [];
      return [[`${name} of ${version}.0`, { version, key, method }]];
    });
  },
);

interface ReadyOptions {
  readonly access?: AccessLevel;
  /** Handles beside those that the request is made of. */
  readonly more?: Iterable<string>;
  readonly options?: ServeClusterOptions;
}

/** A scene and somebody in it whose handles have some access, ready for a call. */
export async function ready(
  { version, key }: Called,
  { access = "all", more = [], options = {} }: ReadyOptions = {},
): Promise<readonly [Scene, Side]> {
  const scene = newScene(options);
  // What waits for events has a key that they are of.
  const waited = key.startsWith("get") ? ["key"] : [];
  const names = new Set([...handlesFor(version, key), ...waited, ...more]);
  const handles = await handlesOf(scene, version, { access, names });
  // What is done before is in both versions.
  const client = version === 3 ? scene.three : (scene.two as unknown as Client3);
  const side = { client, handles };
  await prepare(key, scene, side);
  return [scene, side];
}

/** The status of a call that succeeds, or of one that has something else in some members. */
export function answer(
  { version, key }: Called,
  { client, handles }: Side,
  other: object = {},
): Promise<number> {
  return statusOfCall(client, key, { ...requestOf(version, key, handles), ...other });
}
