/** The kinds of objects: under which key of the registry each is kept, and what is as it starts. */
import { GroupState, NetInterfaceState, NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { type Field, type Fields, number, text, texts, tied } from "./fields.ts";
import {
  DrainStatus,
  type Group,
  type GroupSet,
  type NetInterface,
  type Network,
  type Node,
  type Resource,
  type ResourceType,
} from "./objects.ts";

export interface Kind<T> {
  /** The key that has one for each object: `Groups`. */
  readonly key: string;
  /** Members that last. */
  readonly fields: readonly (readonly [member: keyof T, field: Field<unknown>])[];
  /** Members that don't, as they are when the cluster starts. */
  readonly initial: Partial<T>;
}

function kind<T>(key: string, fields: Fields<T>, initial: Partial<T>): Kind<T> {
  const entries = Object.entries<Field<unknown>>(fields as Record<string, Field<unknown>>);
  return { key, fields: entries as [keyof T, Field<unknown>][], initial };
}

/** An object with what is known of it; all else is as it is without a value, and as it starts. */
export function newObject<T>({ fields, initial }: Kind<T>, known: Partial<T>): T {
  const lasting = fields.map(([member, field]) => [member, field.read(undefined)]);
  return { ...Object.fromEntries(lasting), ...initial, ...known } as T;
}

/** The number of milliseconds, or of times, that stands for no limit. */
export const never = 0xffff_ffff;

/** [MS-CMRP] 3.1.1.1.4: a group whose kind nobody said. */
export const unknownGroupType = 0x270f;

/** The group type of disks that nothing has been made of yet. */
export const availableStorageType = 2;

export const nodes: Kind<Node> = kind<Node>(
  "Nodes",
  {
    name: tied(text("NodeName")),
    persistentState: number("PersistentState"),
    places: texts("FaultDomain"),
  },
  { state: NodeState.Up, drainStatus: DrainStatus.None, drainTarget: "", sequence: 0 },
);

/** Where a group keeps the set that it depends on. */
export const providerSet: Field<string> = tied(text("ProviderGroupSet"));

export const groups: Kind<Group> = kind<Group>(
  "Groups",
  {
    name: tied(text("Name")),
    description: text("Description"),
    type: number("GroupType", unknownGroupType),
    persistentState: number("PersistentState"),
    preferredNodes: tied(texts("PreferredOwners")),
    contains: tied(texts("Contains")),
    flags: number("Flags"),
    antiAffinity: texts("AntiAffinityClassNames"),
    preferredSite: text("PreferredSite"),
    failoverThreshold: number("FailoverThreshold", never),
    failoverPeriod: number("FailoverPeriod", 6),
    autoFailback: number("AutoFailbackType"),
    failbackStart: number("FailbackWindowStart", never),
    failbackEnd: number("FailbackWindowEnd", never),
    providerGroups: tied(texts("ProviderGroups")),
    providerSet,
    defaultOwner: number("DefaultOwner", never),
    faultDomain: number("FaultDomain"),
    updateDomain: number("UpdateDomain"),
  },
  {
    groupSet: "",
    beganAt: null,
    owner: "",
    state: GroupState.Offline,
    move: null,
    queued: null,
    returnTo: null,
    drainedFrom: null,
    failback: null,
    failovers: [],
    ignoresRules: false,
    isDeleting: false,
    sequence: 0,
  },
);

export const groupSets: Kind<GroupSet> = kind<GroupSet>(
  "GroupSets",
  {
    name: tied(text("Name")),
    groups: tied(texts("Groups")),
    providers: tied(texts("ProviderGroupSets")),
    startupSetting: number("StartupSetting", 1),
    startupCount: number("StartupCount", never),
    startupDelay: number("StartupDelay", 20),
    isGlobal: tied(number("IsGlobal")),
    isAvailabilitySet: number("IsAvailabilitySet"),
    reservesSpare: number("ReserveSpareNode"),
    faultDomains: number("FaultDomains"),
    updateDomains: number("UpdateDomains"),
  },
  { state: GroupState.Offline },
);

export const resources: Kind<Resource> = kind<Resource>(
  "Resources",
  {
    name: tied(text("Name")),
    description: text("Description"),
    type: tied(text("Type")),
    persistentState: number("PersistentState"),
    separateMonitor: number("SeparateMonitor"),
    isCore: tied(number("CoreResource")),
    possibleOwners: tied(texts("PossibleOwners")),
    dependencies: tied(texts("Dependencies")),
    restartAction: number("RestartAction", 2),
    restartThreshold: number("RestartThreshold", 1),
    restartPeriod: number("RestartPeriod", 900_000),
    restartDelay: number("RestartDelay", 500),
    retryPeriodOnFailure: number("RetryPeriodOnFailure", 3_600_000),
    pendingTimeout: number("PendingTimeout", 180_000),
    looksAliveInterval: number("LooksAlivePollInterval", 5000),
    isAliveInterval: number("IsAlivePollInterval", 60_000),
    maintenance: number("MaintenanceMode"),
    isShared: tied(number("ResourceSharedVolumes")),
    volumeName: tied(text("SharedVolumeName")),
    volumeMaintenance: tied(number("SharedVolumeMaintenance")),
    volumeRedirected: tied(number("SharedVolumeRedirected")),
  },
  {
    group: "",
    volumeBackup: null,
    state: ResourceState.Offline,
    stateChanged: 0,
    isWanted: false,
    isLocked: false,
    isBouncing: false,
    hosting: "none",
    attempt: 0,
    askedAt: 0,
    retryAt: null,
    failure: null,
    restarts: [],
    parameters: new Uint8Array(),
    sequence: 0,
  },
);

/** Their ID is their name. */
export const resourceTypes: Kind<ResourceType> = kind<ResourceType>(
  "ResourceTypes",
  {
    name: tied(text("Name")),
    displayName: text("DisplayName"),
    dllName: text("DllName"),
    characteristics: number("Characteristics"),
    looksAliveInterval: number("LooksAlivePollInterval", 5000),
    isAliveInterval: number("IsAlivePollInterval", 60_000),
  },
  {},
);

export const networks: Kind<Network> = kind<Network>(
  "Networks",
  {
    name: tied(text("Name")),
    description: text("Description"),
    role: number("Role", 3),
    address: text("Address"),
    addressMask: text("AddressMask"),
    ipv6Addresses: texts("IPv6Addresses"),
    ipv6PrefixLengths: texts("IPv6PrefixLengths"),
  },
  { sequence: 0 },
);

export const netInterfaces: Kind<NetInterface> = kind<NetInterface>(
  "NetworkInterfaces",
  {
    name: tied(text("Name")),
    description: text("Description"),
    node: tied(text("Node")),
    network: tied(text("Network")),
    address: text("Address"),
    ipv6Addresses: texts("IPv6Addresses"),
  },
  { state: NetInterfaceState.Up, sequence: 0 },
);
