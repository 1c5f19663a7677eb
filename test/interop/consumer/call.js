import { compile, memoryHost } from "@msrpc/idl";
import { clusapi3, GroupState } from "@msrpc/ms-cmrp/clusapi3";
import { createClient, createRouter, handleKind, inMemoryTransport, RpcError } from "@msrpc/rpc";

const groups = handleKind("group");
const router = createRouter({ onError: (error) => console.error(error) });
router.serve(clusapi3, {
  openGroup({ groupName }, { handles }) {
    if (groupName !== "SQL") throw new RpcError(5013);
    return handles.open(groups, { name: groupName });
  },
  closeGroup({ group }, { handles }) {
    handles.close(groups, group);
  },
  getGroupState({ group }, { handles }) {
    return { state: GroupState.Online, nodeName: `node of ${handles.get(groups, group).name}` };
  },
});

const client = createClient(clusapi3, inMemoryTransport(router, { syntax: "ndr64" }));
const group = await client.openGroup({ groupName: "SQL" });
const { state, nodeName } = await client.getGroupState({ group });
if (state !== 0 || nodeName !== "node of SQL") throw new Error(`${state} ${nodeName}`);
const failure = await client.openGroup({ groupName: "none" }).catch((error) => error);
if (!(failure instanceof RpcError) || failure.statusName !== "ERROR_GROUP_NOT_FOUND") throw failure;

const { diagnostics } = compile(
  ["a.idl"],
  memoryHost({ "a.idl": "interface a { typedef nothing b; }" }),
);
if (!diagnostics.some(({ severity }) => severity === "error")) throw new Error("no diagnostics");

console.log(`Node ${process.version}: ${nodeName}, ${failure.message}`);
