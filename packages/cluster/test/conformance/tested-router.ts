/**
 * Servers for tests. They are held to the table of methods, a status that a method may not answer fails the test, and
 * what they answer is noted for the tables in docs/conformance.
 */
import { type Cluster, serveCluster, type ServeClusterOptions } from "@msrpc/cluster";
import { createRouter, type Router, RpcError, RpcFault, type ServerInterceptor } from "@msrpc/rpc";
import { afterEach, expect } from "vitest";
import { methods, type Version } from "../../src/service/methods/table.ts";
import { observationText } from "./observation.ts";

const strays: string[] = [];
const answered = new Set<string>();

afterEach(({ task }) => {
  task.meta.answered = [...answered];
  answered.clear();
  expect(strays.splice(0), "statuses that the table of methods doesn't have").toEqual([]);
});

/** A router that serves a cluster, by default to callers that may do all and whatever protects their calls. */
export function testedRouter(cluster: Cluster, options: ServeClusterOptions = {}): Router {
  const { policy = () => "all", serverState = () => "readWrite" } = options;
  const given: Given = { policy, serverState };
  const router = createRouter({
    interceptors: [watching(given)],
    onError: (error) => {
      throw error;
    },
  });
  return serveCluster(router, cluster, { minimumLevel: "none", ...options, ...given });
}

type Given = Required<Pick<ServeClusterOptions, "policy" | "serverState">>;

function watching({ policy, serverState }: Given): ServerInterceptor {
  return (next) => async (call) => {
    const version = call.interface.version.major as Version;
    const { controlCode = null } = call.request as { readonly controlCode?: number };
    const level = policy(call.context.caller);
    const { opnum } = call.operation;
    const about = { version, opnum, controlCode, state: serverState(), level };
    const note = (status: number): void => {
      answered.add(observationText({ ...about, status }));
    };
    const hold = (status: number): void => {
      note(status);
      if (status === 0 || methods[version].get(opnum)?.errors.has(status) === true) return;
      const name = call.interface.statusNames?.[status] ?? String(status);
      strays.push(`${call.operation.name} (${opnum}, version ${version}): ${name}`);
    };
    try {
      const result = await next(call);
      const { returnValue } = (result ?? {}) as { readonly returnValue?: unknown };
      hold(typeof returnValue === "number" ? returnValue : 0);
      return result;
    } catch (error) {
      if (error instanceof RpcError) hold(error.status);
      else if (error instanceof RpcFault) note(error.status);
      throw error;
    }
  };
}
