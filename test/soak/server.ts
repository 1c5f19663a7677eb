/** The server's process: rpcecho, and clusters whose handles are counted. Its parent asks it for figures. */
import { echoHandlers } from "@msrpc/examples/echo/handlers";
import { type ClusterHandle, clusapi3 } from "@msrpc/ms-cmrp";
import { createRouter, handleKind } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { ntlm } from "../matrix/axes.ts";
import { withSpnego } from "../support/accounts.ts";
import { type MemorySample, sampleMemory } from "./memory.ts";

/** What the server tells its parent. */
export interface ServerFigures {
  readonly memory: MemorySample;
  readonly connections: number;
  readonly handles: { readonly opened: number; readonly closed: number; readonly ranDown: number };
  /** What went wrong, and how often. */
  readonly errors: Readonly<Record<string, number>>;
}

const handles = { opened: 0, closed: 0, ranDown: 0 };
const errors: Record<string, number> = {};
const onError = (error: unknown): void => {
  errors[String(error)] = (errors[String(error)] ?? 0) + 1;
};
process.on("unhandledRejection", (error) => onError(`unhandled: ${String(error)}`));

const clusters = handleKind<ClusterHandle, number>("cluster", async () => {
  await new Promise(setImmediate);
  handles.ranDown++;
});

const router = createRouter({ onError })
  .serve(rpcecho, echoHandlers)
  .serve(clusapi3, {
    openCluster: (_request, { handles: open }) => open.open(clusters, handles.opened++),
    closeCluster({ cluster }, { handles: open }) {
      open.close(clusters, cluster);
      handles.closed++;
    },
  });
const server = tcpServer(router, { security: withSpnego(ntlm.server), onError });

process.on("message", (wanted) => {
  if (wanted === "stop") {
    void server.close({ graceTime: 5000 }).then(() => process.disconnect());
    return;
  }
  const { connections } = server;
  const figures: ServerFigures = { memory: sampleMemory(), connections, handles, errors };
  process.send?.(figures);
});
process.send?.(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
