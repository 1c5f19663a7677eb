/** The common properties of objects that clusters are known to have, by their names and types. */

export interface ClusterProperties {
  readonly FixQuorum: number;
  readonly PreventQuorum: number;
  readonly IgnorePersistentStateOnStartup: number;
  readonly SharedVolumesRoot: string;
  readonly WitnessDynamicWeight: number;
  readonly AdminAccessPoint: number;
  AddEvictDelay: number;
  AdminExtensions: readonly string[];
  AutoAssignNodeSite: number;
  AutoBalancerLevel: number;
  AutoBalancerMode: number;
  BackupInProgress: number;
  BlockCacheSize: number;
  ClusSvcHangTimeout: number;
  ClusSvcRegroupStageTimeout: number;
  ClusSvcRegroupTickInMilliseconds: number;
  ClusterEnforcedAntiAffinity: number;
  ClusterLogLevel: number;
  ClusterLogSize: number;
  CrossSiteDelay: number;
  CrossSiteThreshold: number;
  CrossSubnetDelay: number;
  CrossSubnetThreshold: number;
  CsvBalancer: number;
  DatabaseReadWriteMode: number;
  DefaultNetworkRole: number;
  Description: string;
  DrainOnShutdown: number;
  DynamicQuorum: number;
  EnableSharedVolumes: number;
  GroupDependencyTimeout: number;
  HangRecoveryAction: number;
  LogResourceControls: number;
  LowerQuorumPriorityNodeId: number;
  MessageBufferLength: number;
  MinimumNeverPreemptPriority: number;
  MinimumPreemptorPriority: number;
  NetftIPSecEnabled: number;
  PlacementOptions: number;
  PlumbAllCrossSubnetRoutes: number;
  PreferredSite: string;
  QuarantineDuration: number;
  QuarantineThreshold: number;
  QuorumArbitrationTimeMax: number;
  RequestReplyTimeout: number;
  ResiliencyDefaultPeriod: number;
  ResiliencyLevel: number;
  RouteHistoryLength: number;
  SameSubnetDelay: number;
  SameSubnetThreshold: number;
  SecurityLevel: number;
  ShutdownTimeoutInMinutes: number;
  UseClientAccessNetworksForSharedVolumes: number;
  WitnessDatabaseWriteTimeout: number;
  WitnessRestartInterval: number;
}

export interface NodeProperties {
  readonly NodeName: string;
  readonly NodeHighestVersion: number;
  readonly NodeLowestVersion: number;
  readonly MajorVersion: number;
  readonly MinorVersion: number;
  readonly BuildNumber: number;
  readonly CSDVersion: string;
  readonly NodeInstanceID: string;
  readonly NodeDrainStatus: number;
  readonly NodeDrainTarget: number;
  readonly DynamicWeight: number;
  readonly NeedsPreventQuorum: number;
  Description: string;
  FaultDomain: readonly string[];
  NodeWeight: number;
}

export interface GroupProperties {
  readonly Name: string;
  readonly StatusInformation: bigint;
  AntiAffinityClassNames: readonly string[];
  AutoFailbackType: number;
  ColdStartSetting: number;
  DefaultOwner: number;
  Description: string;
  FailbackWindowEnd: number;
  FailbackWindowStart: number;
  FailoverPeriod: number;
  FailoverThreshold: number;
  FaultDomain: number;
  GroupType: number;
  PersistentState: number;
  PreferredSite: string;
  Priority: number;
  ResiliencyPeriod: number;
  UpdateDomain: number;
}

export interface GroupSetProperties {
  readonly Name: string;
  readonly StatusInformation: bigint;
  FaultDomains: number;
  IsAvailabilitySet: number;
  IsGlobal: number;
  ReserveSpareNode: number;
  StartupCount: number;
  StartupDelay: number;
  StartupSetting: number;
  UpdateDomains: number;
}

export interface ResourceProperties {
  readonly Name: string;
  readonly Type: string;
  readonly CoreResource: number;
  readonly LastOperationStatusCode: bigint;
  readonly MonitorProcessId: number;
  readonly RequiredDependencyClasses: readonly string[];
  readonly RequiredDependencyTypes: readonly string[];
  readonly ResourceSpecificData1: bigint;
  readonly ResourceSpecificData2: bigint;
  readonly ResourceSpecificStatus: string;
  readonly StatusInformation: bigint;
  DeadlockTimeout: number;
  DebugPrefix: string;
  Description: string;
  EmbeddedFailureAction: number;
  IsAlivePollInterval: number;
  LooksAlivePollInterval: number;
  PendingTimeout: number;
  PersistentState: number;
  RestartAction: number;
  RestartDelay: number;
  RestartPeriod: number;
  RestartThreshold: number;
  RetryPeriodOnFailure: number;
  SeparateMonitor: number;
}

export interface ResourceTypeProperties {
  readonly Name: string;
  readonly DllName: string;
  readonly ResourceClass: number;
  readonly ResourceSubclass: number;
  AdminExtensions: readonly string[];
  DeadlockTimeout: number;
  Description: string;
  DisplayName: string;
  DumpLogQuery: readonly string[];
  DumpPolicy: bigint;
  EnabledEventLogs: readonly string[];
  IsAlivePollInterval: number;
  LooksAlivePollInterval: number;
  PendingTimeout: number;
}

export interface NetworkProperties {
  readonly Name: string;
  readonly Address: string;
  readonly AddressMask: string;
  readonly IPv4Addresses: readonly string[];
  readonly IPv4PrefixLengths: readonly string[];
  readonly IPv6Addresses: readonly string[];
  readonly IPv6PrefixLengths: readonly string[];
  AutoMetric: number;
  Description: string;
  Metric: number;
  Role: number;
}

export interface NetInterfaceProperties {
  readonly Name: string;
  readonly Node: string;
  readonly Network: string;
  readonly Adapter: string;
  readonly AdapterId: string;
  readonly Address: string;
  readonly DhcpEnabled: number;
  readonly IPv4Addresses: readonly string[];
  readonly IPv6Addresses: readonly string[];
  Description: string;
}
