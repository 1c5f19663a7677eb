/**
 * Operations that run control codes ([MS-CMRP] 3.1.4.2.73 to 3.1.4.2.80, 3.1.4.2.88, 3.1.4.2.89, 3.1.4.2.97, 3.1.4.2.98,
 * 3.1.4.2.105, 3.1.4.2.106, 3.1.4.2.155, 3.1.4.2.156), on an object alone and on a node of choice.
 */
import { type ClusterHandle, type NodeHandle, NodeState } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallContext, type HandleKind, RpcError } from "@msrpc/rpc";
import {
  accessFor,
  control,
  type ControlRequest,
  type ControlResponse,
} from "../control/dispatch.ts";
import { downHost, goneHost, goneObject } from "../control/operations.ts";
import { byKind, type ByKind } from "../model/by-kind.ts";
import type { Collection, Identified } from "../model/collection.ts";
import type { Subject, SubjectKind } from "../property/subject.ts";
import { kinds, type Opened, use } from "./opened.ts";
import { found, type Handlers3, present, type Served } from "./served.ts";

/** Kinds of objects that there are handles to. */
type Handled = Exclude<keyof ByKind, "resourceType">;

type Request = ControlRequest & { readonly resourceTypeName?: string };

export function controlMethods({ cluster }: Served): Handlers3 {
  const { state } = cluster;

  /** The object of a handle that was opened with the access that the code needs. */
  function object(
    context: CallContext,
    kind: Handled,
    handle: ContextHandle,
    { controlCode }: Request,
  ): Subject {
    const handles = kinds[kind] as HandleKind<ContextHandle, Opened<Identified>>;
    const objects: Collection<Identified> = byKind[kind].collection(state);
    const opened = use(context, handles, handle, accessFor(kind, controlCode));
    present(objects, opened, goneObject[kind]);
    return { kind, object: opened } as Subject;
  }

  /** The cluster of a handle, or the resource type of that name. */
  function whole(context: CallContext, handle: ClusterHandle, request: Request): Subject {
    const { controlCode, resourceTypeName: name } = request;
    const kind: SubjectKind = name === undefined ? "cluster" : "resourceType";
    use(context, kinds.cluster, handle, accessFor(kind, controlCode));
    if (name === undefined) return { kind: "cluster", object: state };
    return {
      kind: "resourceType",
      object: found(state.resourceTypes.find(name), goneObject.resourceType),
    };
  }

  function run(context: CallContext, subject: Subject, request: Request): ControlResponse {
    return control(cluster, subject, request, { version: context.interface.version.major });
  }

  /** Runs a code on a node: everything is at hand here, as long as that node is there. */
  function on(
    context: CallContext,
    host: NodeHandle,
    subject: Subject,
    request: Request,
  ): ControlResponse {
    const access = accessFor(subject.kind, request.controlCode);
    const node = use(context, kinds.node, host, access);
    present(state.nodes, node, goneHost);
    if (node.state === NodeState.Down) throw new RpcError(downHost);
    return run(context, subject, request);
  }

  return {
    resourceControl: (q, context) => run(context, object(context, "resource", q.resource, q), q),
    nodeResourceControl: (q, context) =>
      on(context, q.node, object(context, "resource", q.resource, q), q),
    resourceTypeControl: (q, context) => run(context, whole(context, q.cluster, q), q),
    nodeResourceTypeControl: (q, context) => on(context, q.node, whole(context, q.cluster, q), q),
    groupControl: (q, context) => run(context, object(context, "group", q.group, q), q),
    nodeGroupControl: (q, context) => on(context, q.node, object(context, "group", q.group, q), q),
    groupSetControl: (q, context) => run(context, object(context, "groupSet", q.groupSet, q), q),
    nodeGroupSetControl: (q, context) =>
      on(context, q.node, object(context, "groupSet", q.groupSet, q), q),
    nodeControl: (q, context) => run(context, object(context, "node", q.node, q), q),
    nodeNodeControl: (q, context) => on(context, q.hostNode, object(context, "node", q.node, q), q),
    networkControl: (q, context) => run(context, object(context, "network", q.network, q), q),
    nodeNetworkControl: (q, context) =>
      on(context, q.node, object(context, "network", q.network, q), q),
    netInterfaceControl: (q, context) =>
      run(context, object(context, "netInterface", q.netInterface, q), q),
    nodeNetInterfaceControl: (q, context) =>
      on(context, q.node, object(context, "netInterface", q.netInterface, q), q),
    clusterControl: (q, context) => run(context, whole(context, q.cluster, q), q),
    nodeClusterControl: (q, context) => on(context, q.hostNode, whole(context, q.cluster, q), q),
  };
}
