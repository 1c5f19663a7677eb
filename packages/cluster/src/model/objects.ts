/** The objects of a cluster ([MS-CMRP] 3.1.1.1): what is known of each, lasting and for the moment. */

interface ClusterObject {
  /** Never changes. */
  readonly id: string;
  name: string;
}

/** CLUSTER_NODE_DRAIN_STATUS of Windows' headers. */
export const DrainStatus = { None: 0, InProgress: 1, Completed: 2, Failed: 3 } as const;

export interface Node extends ClusterObject {
  /** The state that it is to be in: 1 paused, 0 operational. */
  persistentState: number;
  /** Of `NodeState`. */
  state: number;
  /** The places that it is in, the widest one first: `Site:Paris`. */
  places: readonly string[];
  /** Of `DrainStatus`. */
  drainStatus: number;
  /** The ID of the node that its groups are to go to; empty where each goes to the one that suits it best. */
  drainTarget: string;
  /** Raised with every change of the state. */
  sequence: number;
}

/** A group's way from one node to another: it sets out when all of its resources have stopped. */
export interface GroupMove {
  /** IDs of nodes. */
  readonly from: string;
  readonly to: string;
  /** The group goes back when it can't be brought to its persistent state there. */
  readonly returnsOnError: boolean;
  /** What the request has for the resources' hosts. */
  readonly parameters: Uint8Array;
  /** Affinity rules don't count for the group until it moves again. */
  readonly ignoresRules?: boolean;
}

/** A move that waits until it can be made. */
export interface QueuedMove extends Omit<GroupMove, "from" | "to"> {
  /** Null for the node that suits best then. */
  readonly to: string | null;
}

export interface Group extends ClusterObject {
  description: string;
  /** Given by clients; the cluster itself reads nothing from them. */
  flags: number;
  /** CLUSTER_GROUP_TYPE; 0x270f is that of a group whose kind is not known. */
  type: number;
  /** The state that it is to be in: 1 online, 0 offline. */
  persistentState: number;
  /** IDs of nodes, the preferred one first. */
  preferredNodes: readonly string[];
  /** IDs of resources. */
  contains: readonly string[];
  /** Groups that share one of these keep to different nodes where they can. */
  antiAffinity: readonly string[];
  /** The site that it is to run in where it can; empty for what the cluster says. */
  preferredSite: string;
  /** The node that it was brought to last, by its number; 0xffffffff where it never moved. */
  defaultOwner: number;
  /** How often it may move because of failures in a period; 0xffffffff: once less than there are nodes. */
  failoverThreshold: number;
  /** Hours. */
  failoverPeriod: number;
  /** IDs of groups that start before it. */
  providerGroups: readonly string[];
  /** ID of the group set that starts before it; empty for none. */
  providerSet: string;
  /** Its places in an availability set, by number. */
  faultDomain: number;
  updateDomain: number;
  /** 1: it returns to the node that it prefers when that one comes back; 0: it stays. */
  autoFailback: number;
  /** The hours of a day between which it returns so, by the local time; 0xffffffff for at once. */
  failbackStart: number;
  failbackEnd: number;
  /** ID of the group set that it is in; empty for none. */
  groupSet: string;
  /** When its resources began to start, in milliseconds of the steady clock; null while none is there or on its way. */
  beganAt: number | null;
  /** ID of the node that hosts it. */
  owner: string;
  /** Of `GroupState`, as it was told last. */
  state: number;
  move: GroupMove | null;
  queued: QueuedMove | null;
  /** The node to go back to when a resource fails before all of them are up. */
  returnTo: string | null;
  /** The node that it was drained from. */
  drainedFrom: string | null;
  /** The node that it returns to by itself, and when, in milliseconds since 1970. */
  failback: { readonly to: string; readonly at: number } | null;
  /** When it moved because of failures, in milliseconds of the steady clock. */
  failovers: readonly number[];
  /** It was brought where it is, or online, against the rules that keep it together with others or apart. */
  ignoresRules: boolean;
  /** It goes as soon as its resources have stopped. */
  isDeleting: boolean;
  sequence: number;
}

/** Groups that are started as one, and before others ([MS-CMRP] 3.1.1.1.5). */
export interface GroupSet extends ClusterObject {
  /** IDs of groups; each is in one set at most. */
  groups: readonly string[];
  /** IDs of the group sets that start before it. */
  providers: readonly string[];
  /** What says that one of its groups counts as started: 1 some time has passed, 2 and above it is online. */
  startupSetting: number;
  /** How many groups have to count so: 0xffffffff all of them, 0 most of them. */
  startupCount: number;
  /** Seconds, for the first of the settings. */
  startupDelay: number;
  /** 1 where all other groups and group sets wait for it. */
  isGlobal: number;
  /** 1 where groups of different domains keep to different nodes where they can. */
  isAvailabilitySet: number;
  /** 1 where a node is to be left free of its groups while there is one. */
  reservesSpare: number;
  /** How many there are of each; 0 for any number. */
  faultDomains: number;
  updateDomains: number;
  /** Of `GroupState`, as it was told last. */
  state: number;
}

/** Why a resource failed: a status, and a sentence for people. */
export interface ResourceFailure {
  readonly code: number;
  readonly text: string;
}

export interface Resource extends ClusterObject {
  description: string;
  /** Name of its resource type. */
  type: string;
  /** ID of its group. */
  group: string;
  persistentState: number;
  /** 1 where it runs in a monitor of its own. */
  separateMonitor: number;
  /** 1 for those that the cluster itself needs, which can't be deleted. */
  isCore: number;
  /** IDs of the nodes that may host it. */
  possibleOwners: readonly string[];
  /** IDs of the resources that it needs, an alternative a line: `id` or `id or id`. */
  dependencies: readonly string[];
  /** What becomes of it when it fails: 0 nothing, 1 it is restarted, 2 and after too many restarts its group moves. */
  restartAction: number;
  /** How many restarts a period may see. */
  restartThreshold: number;
  /** Milliseconds, as the ones below; 0xffffffff stands for never. */
  restartPeriod: number;
  restartDelay: number;
  /** After how long one that recovery gave up is tried again. */
  retryPeriodOnFailure: number;
  /** How long its host may take to bring it online or offline. */
  pendingTimeout: number;
  /** Between looks at it. */
  looksAliveInterval: number;
  isAliveInterval: number;
  /** MAINTENANCE_MODE_TYPE of the maintenance that its storage is in; 0 for none. */
  maintenance: number;
  /** 1 where its volume is a cluster shared volume ([MS-CMRP] 3.1.1.4). */
  isShared: number;
  /** What that is called below the cluster's root of shared volumes. */
  volumeName: string;
  /** 1 while the volume is in volume maintenance. */
  volumeMaintenance: number;
  /** 1 while the volume is reached over its owner alone. */
  volumeRedirected: number;
  /** Until when, by the steady clock, a backup of the volume may begin, and at which sequence number that was said; null for no backup. */
  volumeBackup: { readonly until: number; readonly sequence: number } | null;
  /** Of `ResourceState`. */
  state: number;
  /** When it last changed its state, in milliseconds since 1970; 0 where it hasn't since the cluster started. */
  stateChanged: number;
  /** It is to be online, when everything that it needs is. */
  isWanted: boolean;
  /** Its type has it in the middle of something: it keeps its state, and its group its place. */
  isLocked: boolean;
  /** It stops to start again. */
  isBouncing: boolean;
  /** What its host does for it. */
  hosting: "none" | "starting" | "running" | "stopping";
  /** Which request to its host is the present one; answers to others come too late. */
  attempt: number;
  /** When that was, in milliseconds of the steady clock. */
  askedAt: number;
  /** When one that has failed starts again, in milliseconds of the steady clock; null for not by itself. */
  retryAt: number | null;
  /** Why it failed last; null since it came online, or went offline after that. */
  failure: ResourceFailure | null;
  /** When it was restarted after failures, in milliseconds of the steady clock. */
  restarts: readonly number[];
  /** What the latest request has for its host. */
  parameters: Uint8Array;
  sequence: number;
}

export interface ResourceType extends ClusterObject {
  displayName: string;
  dllName: string;
  /** CLUS_CHARACTERISTICS ([MS-CMRP] 2.2.2.4). */
  characteristics: number;
  /** Milliseconds between looks at a resource. */
  looksAliveInterval: number;
  isAliveInterval: number;
}

export interface Network extends ClusterObject {
  description: string;
  /** CLUSTER_NETWORK_ROLE: 0 none, 1 internal, 2 client access, 3 both. */
  role: number;
  address: string;
  addressMask: string;
  /** Of the subnets that it is beside: their first addresses, and how many bits are theirs. */
  ipv6Addresses: readonly string[];
  ipv6PrefixLengths: readonly string[];
  sequence: number;
}

export interface NetInterface extends ClusterObject {
  description: string;
  /** ID of its node. */
  node: string;
  /** ID of its network. */
  network: string;
  address: string;
  /** Those that it has beside. */
  ipv6Addresses: readonly string[];
  /** Of `NetInterfaceState`. */
  state: number;
  sequence: number;
}
