/** How each control code is called: on what, with which input, and what it then answers. */
import type { Cluster } from "@msrpc/cluster";
import { type Property, type RegistryValue, writePropertyList } from "@msrpc/cluster-data";
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import type { ControlCode } from "../../src/control/code.ts";
import { ControlStatus } from "@msrpc/cluster-data";
import { functionalLevel } from "../../src/model/cluster-version.ts";
import type { Resource } from "../../src/model/objects.ts";
import { asked, dword, given, sz } from "../control-support.ts";
import { utf16 } from "../registry-support.ts";
import { longSet } from "./errors/group-set.ts";
import type { Scene } from "./scene.ts";

export interface CodeCall {
  /** The resource, the resource type or the group set that it is called on, by its name. */
  readonly on?: string;
  readonly input?: Uint8Array;
  /** Octets that there are for the answer. Default: more than any has. */
  readonly room?: number;
  readonly before?: (scene: Scene) => void;
  /** Default: 0. */
  readonly status?: number;
}

const list = (...properties: Property[]): Uint8Array => writePropertyList(properties);
const disk = { on: "Disk" };
const diskType = { on: "Physical Disk" };
const ownName = { on: "Cluster Name" };
const otherName = { on: "Name" };
const diskId = given(1, 7);
const path = utf16("Software\\Example");
const container = utf16("1\\Provider\\Container");
const {
  ERROR_ACCESS_DENIED,
  ERROR_ALREADY_EXISTS,
  ERROR_CLUSTER_INVALID_REQUEST,
  ERROR_CLUSTER_NOT_SHARED_VOLUME,
  ERROR_FILE_NOT_FOUND,
  ERROR_INVALID_FUNCTION,
  ERROR_INVALID_PARAMETER,
  ERROR_INVALID_STATE,
  ERROR_RESOURCE_NOT_ONLINE,
  ERROR_RESOURCE_PROPERTIES_STORED,
} = Status;
const {
  ERROR_CLUSTER_BACKUP_IN_PROGRESS,
  ERROR_CLUSTER_UPGRADE_INCOMPATIBLE_VERSIONS,
  ERROR_PATH_NOT_FOUND,
  ERROR_WRONG_DISK,
} = ControlStatus;

function inState(name: string, state: number): (scene: Scene) => void {
  return ({ cluster }) => {
    cluster.run((tx) => tx.enter("resource", resourceNamed(cluster, name), { state }));
  };
}

/** Writes a value below the key of a resource. */
function withValue(name: string, below: string, value: string, given: RegistryValue) {
  return ({ cluster }: Scene): void => {
    const key = `Resources\\${resourceNamed(cluster, name).id}\\${below}`;
    cluster.run((tx) => tx.setValue(tx.createKey(cluster.state.registry, key), value, given));
  };
}

function resourceNamed({ state }: Cluster, name: string): Resource {
  const found = state.resources.find(name);
  if (found === undefined) throw new TypeError(`no resource ${name}`);
  return found;
}

const addRegistry: readonly CodeCall[] = [
  { input: path },
  { input: path, status: ERROR_ALREADY_EXISTS },
];
const diskInfo: readonly CodeCall[] = [
  { ...disk, status: ERROR_FILE_NOT_FOUND },
  {
    ...disk,
    before: withValue("Disk", "Parameters", "DiskSignature", { type: 4, data: given(7) }),
  },
];
const lease: readonly CodeCall[] = [{ on: "Address", status: ERROR_INVALID_STATE }];
/** A common property of every kind of object, and one that clients may make up. */
const description: Property = { name: "Description", value: sz("text") };
const colour: Property = { name: "Colour", value: sz("blue") };
const storedAt = (property: Property, other: Property): readonly CodeCall[] => [
  { input: list(other) },
  { input: list(property), status: ERROR_RESOURCE_PROPERTIES_STORED },
];

/** The disk has a shared volume, in some mode. */
function withVolume(mode: Partial<Resource> = {}): (scene: Scene) => void {
  return ({ cluster }) => {
    const volume = { isShared: 1, volumeName: "Data", volumeMaintenance: 0 };
    cluster.run((tx) =>
      tx.configure("resource", resourceNamed(cluster, "Volume"), { ...volume, ...mode }),
    );
  };
}

function waitForBackup({ cluster }: Scene): void {
  cluster.run((tx) => {
    const volume = resourceNamed(cluster, "Volume");
    tx.update("resource", volume, {
      volumeBackup: { until: tx.now + 60_000, sequence: volume.sequence },
    });
  });
}

const volumePath = "C:\\ClusterStorage\\Data";

/** What isn't a shared volume has no such code, and one has it while it is online. */
const onVolumes = (input?: Uint8Array, ...more: CodeCall[]): readonly CodeCall[] => {
  const call = { on: "Volume", ...(input && { input }) };
  return [
    { status: ERROR_INVALID_FUNCTION },
    { ...call, before: withVolume() },
    ...more.map((one) => ({ ...call, ...one })),
    {
      ...call,
      before: inState("Volume", ResourceState.Offline),
      status: ERROR_RESOURCE_NOT_ONLINE,
    },
  ];
};
const redirected = onVolumes(
  utf16(volumePath),
  { before: withVolume({ volumeMaintenance: 1 }), status: ERROR_CLUSTER_INVALID_REQUEST },
  { before: withVolume() },
  { before: waitForBackup, status: ERROR_CLUSTER_BACKUP_IN_PROGRESS },
);

/** What the result of a migration says. */
const placement: readonly Property[] = [
  { name: "CLUSREG_NAME_RES_VM_ID", value: sz("vm") },
  { name: "SCALEOUT_PLACEMENT_RESULT_VM_MIGRATION_RESULT", value: dword(0) },
];

/** The cluster works at a version before that of its nodes. */
function belowItsNodes({ cluster }: Scene): void {
  const { value, write } = functionalLevel;
  cluster.run((tx) => tx.setValue(tx.state.registry, value, write(10)));
}

/**
 * By the names of codes, one call after the other in one scene. Codes that succeed on any object without input have no
 * entry, and those that no object here supports.
 */
const calls: Readonly<Record<string, readonly CodeCall[]>> = {
  RESOURCE_SET_COMMON_PROPERTIES: storedAt(
    { name: "SeparateMonitor", value: dword(1) },
    description,
  ),
  RESOURCE_SET_PRIVATE_PROPERTIES: storedAt({ name: "ServiceName", value: sz("service") }, colour),
  RESOURCE_ADD_REGISTRY_CHECKPOINT: addRegistry,
  RESOURCE_ADD_REGISTRY_CHECKPOINT_64BIT: addRegistry,
  RESOURCE_ADD_REGISTRY_CHECKPOINT_32BIT: addRegistry,
  RESOURCE_DELETE_REGISTRY_CHECKPOINT: [
    { input: path, status: ERROR_FILE_NOT_FOUND },
    {
      input: path,
      before: withValue("Service", "RegSync", "00000001", { type: 1, data: path }),
    },
  ],
  RESOURCE_ADD_CRYPTO_CHECKPOINT: [
    { input: container },
    { input: container, status: ERROR_ALREADY_EXISTS },
  ],
  RESOURCE_DELETE_CRYPTO_CHECKPOINT: [
    { input: container, status: ERROR_FILE_NOT_FOUND },
    {
      input: container,
      before: withValue("Service", "CryptoSync", "00000001", { type: 1, data: container }),
    },
  ],
  RESOURCE_UPGRADE_DLL: [{ input: utf16("D:\\new\\clusres.dll") }],
  RESOURCE_GET_NETWORK_NAME: [ownName],
  RESOURCE_GET_DNS_NAME: [ownName],
  RESOURCE_NETNAME_CREDS_UPDATED: [ownName],
  RESOURCE_NETNAME_VALIDATE_VCO: [
    { ...ownName, input: utf16("SQL"), status: ERROR_ACCESS_DENIED },
    { ...otherName, input: utf16("SQL"), status: ERROR_INVALID_PARAMETER },
  ],
  RESOURCE_NETNAME_RESET_VCO: [
    { ...ownName, input: utf16("SQL"), status: ERROR_ACCESS_DENIED },
    { ...otherName, input: utf16("SQL"), status: ERROR_CLUSTER_INVALID_REQUEST },
  ],
  RESOURCE_NETNAME_CHECK_OU_PERMISSIONS: [
    { ...ownName, input: given(1, 0, 0, 0, 0, 0) },
    { ...otherName, input: given(1, 0, 0, 0, 0, 0), status: ERROR_CLUSTER_INVALID_REQUEST },
  ],
  RESOURCE_NETNAME_CHECK_AD_STATE: [ownName],
  RESOURCE_STORAGE_GET_DISK_INFO: diskInfo,
  RESOURCE_STORAGE_GET_DISK_INFO_EX: diskInfo,
  RESOURCE_STORAGE_GET_DISK_INFO_EX2: diskInfo,
  RESOURCE_STORAGE_IS_PATH_VALID: [
    { ...disk, input: utf16("X:\\folder"), status: ERROR_PATH_NOT_FOUND },
  ],
  RESOURCE_STORAGE_GET_DIRTY: [disk],
  RESOURCE_STORAGE_GET_MOUNTPOINTS: [{ ...disk, input: given(0) }],
  RESOURCE_IPADDRESS_RENEW_LEASE: lease,
  RESOURCE_IPADDRESS_RELEASE_LEASE: lease,
  RESOURCE_QUERY_MAINTENANCE_MODE: [disk],
  RESOURCE_SET_MAINTENANCE_MODE: [
    { ...disk, input: given(1) },
    { ...disk, input: given(0) },
    {
      ...disk,
      input: given(1),
      before: inState("Disk", ResourceState.Offline),
      status: ERROR_RESOURCE_NOT_ONLINE,
    },
  ],
  RESOURCE_GET_RELATED_RESOURCE_NAMES: [{}, { on: "Idle", status: ERROR_RESOURCE_NOT_ONLINE }],
  // It is to be given as much room as it needs, and no more.
  RESOURCE_GET_NODES_IN_FD: [{ room: 8 }],

  RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO: onVolumes(),
  RESOURCE_SET_CSV_MAINTENANCE_MODE: onVolumes(asked(volumePath, 1)),
  RESOURCE_ENABLE_SHARED_VOLUME_DIRECTIO: redirected,
  RESOURCE_DISABLE_SHARED_VOLUME_DIRECTIO: redirected,
  RESOURCE_SET_SHARED_VOLUME_BACKUP_MODE: onVolumes(asked(volumePath, 1, 60)),

  RESOURCE_TYPE_GET_ARB_TIMEOUT: [diskType],
  RESOURCE_TYPE_STORAGE_GET_AVAILABLE_DISKS: [diskType],
  RESOURCE_TYPE_STORAGE_GET_AVAILABLE_DISKS_EX: [diskType],
  RESOURCE_TYPE_STORAGE_GET_DRIVELETTERS: [diskType],
  RESOURCE_TYPE_REPLICATION_GET_REPLICATED_DISKS: [diskType],
  RESOURCE_TYPE_REPLICATION_GET_RESOURCE_GROUP: [diskType],
  RESOURCE_TYPE_STORAGE_GET_DISKID: [
    { ...diskType, input: utf16("X:\\folder"), status: ERROR_PATH_NOT_FOUND },
  ],
  RESOURCE_TYPE_STORAGE_IS_CLUSTERABLE: [{ ...diskType, input: diskId, status: ERROR_WRONG_DISK }],
  RESOURCE_TYPE_STORAGE_RELEASE_OWNERSHIP: [{ ...diskType, input: diskId }],
  RESOURCE_TYPE_STORAGE_IS_CSV_FILE: [
    { ...diskType, input: utf16("X:\\file"), status: ERROR_CLUSTER_NOT_SHARED_VOLUME },
    { ...diskType, input: utf16(`${volumePath}\\file`), before: withVolume() },
  ],
  RESOURCE_TYPE_NETNAME_VALIDATE_NETNAME: [
    { on: "Network Name", input: utf16("SQL") },
    { on: "Network Name", input: utf16("node1"), status: Status.ERROR_DUP_NAME },
  ],
  RESOURCE_TYPE_VALIDATE_PATH: [
    { on: "File Share Witness", input: list({ name: "SharePath", value: sz("\\\\files\\a") }) },
    {
      on: "File Share Witness",
      input: list({ name: "SharePath", value: sz("\\\\node1\\a") }),
      status: Status.ERROR_FILE_SHARE_RESOURCE_CONFLICT,
    },
  ],
  RESOURCE_TYPE_GEN_APP_VALIDATE_DIRECTORY: [
    { on: "Generic Application", input: utf16(import.meta.dirname) },
    {
      on: "Generic Application",
      input: utf16(import.meta.filename),
      status: ERROR_FILE_NOT_FOUND,
    },
  ],

  GROUP_SET_CCF_FROM_MASTER: [
    {
      input: list({ name: "Priority", value: dword(1) }, { name: "DefaultOwner", value: dword(2) }),
    },
  ],

  GROUPSET_SET_COMMON_PROPERTIES: [
    { input: list({ name: "StartupDelay", value: dword(30) }) },
    {
      on: "Empty Set",
      input: list({ name: "IsGlobal", value: dword(1) }),
      before: longSet("Empty Set", 101),
      status: Status.ERROR_DEPENDENCY_TREE_TOO_COMPLEX,
    },
  ],
  GROUPSET_VALIDATE_COMMON_PROPERTIES: [
    { input: list({ name: "StartupDelay", value: dword(30) }) },
  ],

  NODE_SCALEOUTNODE_PLACEMENT_UPDATE: [{ input: list(...placement) }],

  CLUSTER_SET_DNS_DOMAIN: [{ input: utf16("example.com") }],
  CLUSTER_GET_SHARED_VOLUME_ID: [
    { input: utf16("X:\\file"), status: ERROR_CLUSTER_NOT_SHARED_VOLUME },
    { input: utf16(`${volumePath}\\file`), before: withVolume() },
  ],
  CLUSTER_UPGRADE_CLUSTER_VERSION: [{ input: given(1) }, { input: given(2) }],
  CLUSTER_IS_READY_FOR_UPGRADE: [
    { status: ERROR_CLUSTER_UPGRADE_INCOMPATIBLE_VERSIONS },
    { before: belowItsNodes },
  ],
  CLUSTER_NODE_REPLACEMENT: [
    { input: utf16("node2"), status: ERROR_INVALID_FUNCTION },
    { input: utf16("node3"), status: ERROR_INVALID_PARAMETER },
  ],
};

export function callsOf({ name }: ControlCode): readonly CodeCall[] {
  const [, scope] = /_(?:SET|VALIDATE)_(COMMON|PRIVATE)_PROPERTIES$/.exec(name) ?? [];
  const property = scope === "COMMON" ? description : colour;
  return calls[name] ?? [scope === undefined ? {} : { input: list(property) }];
}
