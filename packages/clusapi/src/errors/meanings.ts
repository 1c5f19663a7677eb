/** Errors that administrators meet, in words, with what one can do about them. */

export interface Meaning {
  readonly means: string;
  readonly advice?: string;
}

const renamed = "Names can change: list what is there, and try again.";
const deleted = "Somebody deleted it meanwhile.";

export const meanings: Readonly<Record<string, Meaning>> = {
  RPC_S_PROCNUM_OUT_OF_RANGE: {
    means: "the server has no such operation.",
    advice: "It takes a newer server, or version 3.0 of the interface where 2.0 was asked for.",
  },
  ERROR_FILE_NOT_FOUND: { means: "there is no such key or value." },
  ERROR_ACCESS_DENIED: {
    means: "the account may not do this.",
    advice: "Log on as a member of the cluster's administrators.",
  },
  ERROR_INVALID_PARAMETER: { means: "the cluster doesn't take these parameters." },
  ERROR_SHARING_PAUSED: {
    means: "the node is paused, or may not change the cluster now.",
    advice: "Resume the node, or name another one.",
  },
  ERROR_CALL_NOT_IMPLEMENTED: { means: "the cluster doesn't support this." },
  ERROR_DIR_NOT_EMPTY: {
    means: "it is not empty.",
    advice: "Delete or move what is in it first.",
  },
  ERROR_ALREADY_EXISTS: { means: "the name is taken.", advice: "Choose another name." },
  ERROR_INVALID_NAME: { means: "this is no name.", advice: "Choose a name that is not blank." },
  ERROR_DEPENDENT_RESOURCE_EXISTS: {
    means: "other resources need it.",
    advice: "Take the dependencies on it away first.",
  },
  ERROR_DEPENDENCY_NOT_FOUND: { means: "it doesn't depend on that." },
  ERROR_DEPENDENCY_ALREADY_EXISTS: { means: "it depends on that already." },
  ERROR_RESOURCE_NOT_ONLINE: { means: "the resource is not online." },
  ERROR_HOST_NODE_NOT_AVAILABLE: {
    means: "no node that may host it is up.",
    advice: "See which nodes are up, and which may own it.",
  },
  ERROR_RESOURCE_NOT_AVAILABLE: { means: "the resource is gone.", advice: deleted },
  ERROR_RESOURCE_NOT_FOUND: { means: "there is no resource of that name.", advice: renamed },
  ERROR_CANT_EVICT_ACTIVE_NODE: {
    means: "the node is at work.",
    advice: "Stop its cluster service first.",
  },
  ERROR_OBJECT_ALREADY_EXISTS: { means: "the name is taken.", advice: "Choose another name." },
  ERROR_GROUP_NOT_AVAILABLE: { means: "the group is gone.", advice: deleted },
  ERROR_GROUP_NOT_FOUND: { means: "there is no group of that name.", advice: renamed },
  ERROR_GROUP_NOT_ONLINE: { means: "the group is not online." },
  ERROR_RESOURCE_ONLINE: {
    means: "the resource is online.",
    advice: "Take it offline first.",
  },
  ERROR_INVALID_STATE: {
    means: "its state doesn't allow this now.",
    advice: "Wait until it is no longer pending.",
  },
  ERROR_CORE_RESOURCE: { means: "the cluster itself needs this resource." },
  ERROR_OBJECT_IN_LIST: { means: "it is in the list already." },
  ERROR_RESOURCE_FAILED: {
    means: "the resource has failed.",
    advice: "Bring it online again; the events of its node say why it failed.",
  },
  ERROR_CLUSTER_NODE_NOT_FOUND: { means: "there is no node of that name.", advice: renamed },
  ERROR_CLUSTER_NETWORK_NOT_FOUND: { means: "there is no network of that name.", advice: renamed },
  ERROR_CLUSTER_NETINTERFACE_NOT_FOUND: {
    means: "there is no network interface of that name.",
    advice: renamed,
  },
  ERROR_CLUSTER_NODE_DOWN: { means: "the node is down.", advice: "Start its cluster service." },
  ERROR_CLUSTER_NODE_NOT_PAUSED: { means: "the node is not paused." },
  ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND: {
    means: "there is no resource type of that name.",
    advice: "List the types.",
  },
  ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED: {
    means: "a resource that it needs has failed.",
    advice: "Bring that one online first.",
  },
  ERROR_CLUSTER_RESOURCE_LOCKED_STATUS: {
    means: "it is locked.",
    advice: "Wait until the operation that locked it has ended.",
  },
  ERROR_DEPENDENCY_TREE_TOO_COMPLEX: { means: "its dependencies are nested too deeply." },
  ERROR_CIRCULAR_DEPENDENCY: { means: "it would depend on itself." },
  ERROR_DEPENDENCY_NOT_ALLOWED: {
    means: "resources of different groups can't depend on each other.",
    advice: "Move one of them to the other's group.",
  },
  ERROR_CLUSTER_NODE_EVACUATION_IN_PROGRESS: {
    means: "the node is being drained.",
    advice: "Wait until it is paused.",
  },
};
