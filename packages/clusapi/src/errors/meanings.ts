/** Errors that administrators meet, in words, with what one can do about them. */

export interface Meaning {
  readonly means: string;
  readonly advice?: string;
}

const renamed = "Names can change: list what is there, and try again.";
const alone = {
  means: "it is not up, or no other node is.",
  advice: "Bring another node up first: groups of this one would have to go there.",
};
const otherGroup = {
  means: "resources of different groups can't depend on each other, and none on itself.",
  advice: "Move one of them to the other's group.",
};
const quorumNeeds = {
  means: "what counts for the quorum can't need other resources.",
  advice: "Have another resource count for the quorum first.",
};
const notBefore = {
  means: "this is no expression, or it names what isn't there or would wait for this one.",
  advice: "Name others that are there: [A] and [B].",
};
const deleted = "Somebody deleted it meanwhile.";

/** By their names, and by those of operations where they say something else there. */
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
  ERROR_DEPENDENCY_NOT_ALLOWED: { means: "this dependency isn't possible." },
  ERROR_CLUSTER_NODE_EVACUATION_IN_PROGRESS: {
    means: "the node is being drained.",
    advice: "Wait until it is paused.",
  },
  ERROR_INVALID_FUNCTION: { means: "the cluster doesn't do this with it." },
  ERROR_PATH_NOT_FOUND: { means: "there is no such path." },
  ERROR_INVALID_HANDLE: {
    means: "the cluster no longer knows what was opened.",
    advice: "Try again: it is opened anew.",
  },
  ERROR_NOT_ENOUGH_MEMORY: {
    means: "the node has too little memory.",
    advice: "Ask for less at a time, or another node.",
  },
  ERROR_INVALID_DATA: { means: "the cluster can't read what it was sent." },
  ERROR_WRONG_DISK: { means: "the disk is another one than it should be." },
  ERROR_NOT_SUPPORTED: { means: "the cluster doesn't support this." },
  ERROR_DUP_NAME: { means: "the name is taken on the network.", advice: "Choose another name." },
  ERROR_INVALID_TARGET_HANDLE: {
    means: "groups of a node can't go to that node itself.",
    advice: "Name another node.",
  },
  ERROR_MORE_DATA: { means: "there is more than fits into the answer." },
  WAIT_TIMEOUT: { means: "nothing has happened in the time that was given." },
  ERROR_NO_MORE_ITEMS: { means: "there is nothing more." },
  ERROR_ASSERTION_FAILURE: {
    means: "a condition of the batch doesn't hold.",
    advice: "Somebody changed a value meanwhile: read it, and try again.",
  },
  ERROR_IO_PENDING: { means: "it is still under way.", advice: "Wait until it has ended." },
  ERROR_EXCEPTION_IN_SERVICE: {
    means: "the cluster service came upon a mistake of its own.",
    advice: "See the log of the node that answered.",
  },
  ERROR_PRIVILEGE_NOT_HELD: {
    means: "the account lacks the right to make backups.",
    advice: "Log on as a member of the backup operators.",
  },
  ERROR_PASSWORD_RESTRICTION: { means: "the password is not one that the domain takes." },
  ERROR_INVALID_SECURITY_DESCR: { means: "this is no security descriptor." },
  ERROR_SPECIAL_GROUP: { means: "groups with cluster shared volumes can't be treated so." },
  RPC_S_SERVER_UNAVAILABLE: {
    means: "the node can't be reached.",
    advice: "See whether it is up, or name another one.",
  },
  RPC_S_CALL_FAILED_DNE: {
    means: "the call failed before it was served.",
    advice: "Try again, or at another node.",
  },
  RPC_S_STRING_TOO_LONG: { means: "the name is too long.", advice: "Choose a shorter name." },
  ERROR_NODE_NOT_AVAILABLE: { means: "the node is gone.", advice: deleted },
  ERROR_NODE_CANT_HOST_RESOURCE: {
    means: "the node can't host it.",
    advice: "See which nodes may own it.",
  },
  ERROR_HOST_NODE_NOT_RESOURCE_OWNER: { means: "the resource is on another node." },
  ERROR_HOST_NODE_NOT_GROUP_OWNER: { means: "the group is on another node." },
  ERROR_RESMON_ONLINE_FAILED: {
    means: "the resource could not be brought online.",
    advice: "The events of its node say why.",
  },
  ERROR_RESMON_INVALID_STATE: { means: "its state doesn't allow this now." },
  ERROR_RESOURCE_PROPERTIES_STORED: {
    means: "the properties take effect when it comes online the next time.",
  },
  ERROR_NOT_QUORUM_CAPABLE: {
    means: "resources of its type can't count for the quorum.",
    advice: "Take a disk or a file share witness.",
  },
  ERROR_NOT_QUORUM_CLASS: {
    means: "a resource of its class can't count for the quorum.",
    advice: "Take a disk.",
  },
  ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP: {
    means: "what counts for the quorum can't be in this group.",
  },
  ERROR_ALL_NODES_NOT_AVAILABLE: {
    means: "not all nodes are up.",
    advice: "Start the cluster service of those that are down.",
  },
  ERROR_NODE_NOT_ACTIVE_CLUSTER_MEMBER: {
    means: "the node is not at work in the cluster.",
    advice: "Start its cluster service.",
  },
  ERROR_NETWORK_NOT_AVAILABLE: { means: "the network is gone.", advice: deleted },
  ERROR_CLUSTER_INVALID_REQUEST: { means: "this can't be asked of it as it is now." },
  ERROR_CLUSTER_NODE_NOT_READY: {
    means: "the node is not ready yet.",
    advice: "Try again in a moment, or at another node.",
  },
  ERROR_CLUSTER_NODE_SHUTTING_DOWN: {
    means: "the node is shutting down.",
    advice: "Name another node.",
  },
  ERROR_SHUTDOWN_CLUSTER: { means: "the cluster is shutting down." },
  ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED: {
    means: "resources of its type can't be treated so.",
  },
  ERROR_CLUSTER_GROUP_MOVING: {
    means: "the group is on its way to another node.",
    advice: "Wait until it has arrived.",
  },
  ERROR_CLUSTER_SINGLETON_RESOURCE: {
    means: "there can be one such resource in a cluster, and it is there.",
  },
  ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE: {
    means: "there can be one such resource in a group, and it is there.",
  },
  ERROR_CLUSTER_USE_SHARED_VOLUMES_API: {
    means: "cluster shared volumes are not taken offline or deleted like this.",
    advice: "Stop sharing the disk first.",
  },
  ERROR_CLUSTER_NOT_SHARED_VOLUME: { means: "it is no cluster shared volume." },
  ERROR_CLUSTER_BACKUP_IN_PROGRESS: {
    means: "a backup of the volume is under way.",
    advice: "Wait until it has ended.",
  },
  ERROR_CLUSTER_UPGRADE_INCOMPATIBLE_VERSIONS: {
    means: "the nodes are not all of one version.",
    advice: "Upgrade all nodes first.",
  },
  ERROR_DISK_NOT_CSV_CAPABLE: { means: "the disk can't be shared by all nodes." },
  ERROR_RESOURCE_NOT_IN_AVAILABLE_STORAGE: {
    means: "the disk is in use by a group.",
    advice: "Move it to the group Available Storage first.",
  },
  ERROR_FILE_SHARE_RESOURCE_CONFLICT: {
    means: "the share is one of another resource.",
  },
  ERROR_GROUPSET_NOT_AVAILABLE: { means: "the group set is gone.", advice: deleted },
  ERROR_GROUPSET_NOT_FOUND: { means: "there is no group set of that name.", advice: renamed },
  ERROR_INSUFFICIENT_BUFFER: { means: "there is more than fits into the answer." },
  ERROR_KEY_DELETED: { means: "the key is gone.", advice: deleted },
  ERROR_SHUTDOWN_IN_PROGRESS: {
    means: "the node is shutting down.",
    advice: "Name another node.",
  },
  ERROR_SERVER_SHUTDOWN_IN_PROGRESS: {
    means: "the node is shutting down.",
    advice: "Name another node.",
  },
  ERROR_NOT_ENOUGH_QUOTA: {
    means: "more is open than the node keeps for one client.",
    advice: "Close what isn't needed.",
  },
  "ERROR_ACCESS_DENIED ApiDeleteKey": {
    means: "the account may not do this, or there are keys below it.",
    advice: "Delete those first.",
  },
  "ERROR_INVALID_PARAMETER ApiAddResourceDependency": otherGroup,
  "ERROR_INVALID_PARAMETER ApiSetResourceDependencyExpression": {
    means: "this is no expression, or it names what is no other resource of its group.",
    advice: "Name resources of its own group: [A] and ([B] or [C]).",
  },
  "ERROR_INVALID_PARAMETER ApiSetGroupDependencyExpression": notBefore,
  "ERROR_INVALID_PARAMETER ApiSetGroupSetDependencyExpression": notBefore,
  "ERROR_DEPENDENCY_NOT_ALLOWED ApiAddResourceDependency": quorumNeeds,
  "ERROR_DEPENDENCY_NOT_ALLOWED ApiSetResourceDependencyExpression": quorumNeeds,
  "ERROR_DEPENDENCY_NOT_ALLOWED ApiSetQuorumResource": {
    means: "other resources need it.",
    advice: "Take these dependencies away first, or name another resource.",
  },
  "ERROR_CLUSTER_NODE_DOWN ApiPauseNodeEx": alone,
  "ERROR_CLUSTER_NODE_DOWN ApiPauseNodeWithDrainTarget": alone,
  "ERROR_INVALID_STATE ApiCancelClusterGroupOperation": {
    means: "there is no move that could be given up.",
  },
  "ERROR_RESOURCE_ONLINE ApiSetClusterName": {
    means: "the resource that stands for its name is online.",
    advice: "Take that resource offline first: the core one of type Network Name.",
  },
};
