// Only its types are checked: what a strict project sees of the packages.
import { compile, memoryHost, type Diagnostic } from "@msrpc/idl";
import { clusapi3, type GroupHandle } from "@msrpc/ms-cmrp/clusapi3";
import { NdrError, NdrWriter } from "@msrpc/ndr";
import { createClient, type Client, type RequestOf, type Transport } from "@msrpc/rpc";
import { plan, type WirePlan } from "@msrpc/wire";

type Operations = (typeof clusapi3)["operations"];
type OpenGroupRequest = RequestOf<Operations["openGroup"]>;

export async function stateOf(transport: Transport, request: OpenGroupRequest): Promise<number> {
  await using client: Client<Operations> = createClient(clusapi3, transport);
  const group: GroupHandle = await client.openGroup(request);
  const { state } = await client.getGroupState({ group });
  return state;
}

export function planOf(text: string): WirePlan | readonly Diagnostic[] {
  const { program, diagnostics } = compile(["a.idl"], memoryHost({ "a.idl": text }));
  return diagnostics.length > 0 ? diagnostics : plan(program).plan;
}

export function bytesOf(text: string): Uint8Array | string {
  const w = new NdrWriter();
  try {
    w.wstring(text, "text");
    return w.finish();
  } catch (error) {
    return error instanceof NdrError ? error.path : "";
  }
}

// @ts-expect-error a request needs its members
export const missing: OpenGroupRequest = {};
