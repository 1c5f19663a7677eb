/** The private properties of the resources of well-known types, as Windows names them. */
import { fold } from "../registry/key.ts";
import {
  binary,
  dword,
  expandSz,
  fileTime,
  flag,
  multiSz,
  needsRestart,
  noSchema,
  type PropertyDefinition,
  readOnly,
  type Schema,
  schema,
  sz,
} from "./schema.ts";

/** What a resource works by is read when it is brought online. */
function settings(...definitions: readonly PropertyDefinition[]): Schema {
  return schema(...definitions.map((one) => (one.isReadOnly === true ? one : needsRestart(one))));
}

const networkName: readonly PropertyDefinition[] = [
  readOnly(sz("CreatingDC")),
  readOnly(sz("ObjectGUID")),
  readOnly(dword("StatusDNS", 0)),
  readOnly(dword("StatusKerberos", 0)),
  readOnly(dword("StatusNetBIOS", 0)),
  multiSz("Aliases"),
  sz("DnsName"),
  sz("DnsSuffix"),
  dword("HostRecordTTL", 1200),
  sz("Name"),
  flag("PublishPTRRecords"),
  flag("RegisterAllProvidersIP"),
  flag("RemapPipeNames"),
];

const byType: ReadonlyMap<string, Schema> = new Map(
  Object.entries({
    "Generic Application": settings(
      sz("CommandLine"),
      sz("CurrentDirectory"),
      flag("InteractWithDesktop"),
      flag("UseNetworkName"),
    ),
    "Generic Script": settings(expandSz("ScriptFilepath")),
    "Generic Service": settings(sz("ServiceName"), sz("StartupParameters"), flag("UseNetworkName")),
    "Network Name": settings(...networkName),
    "Distributed Network Name": settings(...networkName, multiSz("ExcludeNetworks"), flag("InUse")),
    "IP Address": settings(
      readOnly(sz("DhcpAddress")),
      readOnly(sz("DhcpServer")),
      readOnly(sz("DhcpSubnetMask")),
      readOnly(fileTime("LeaseExpiresTime")),
      readOnly(fileTime("LeaseObtainedTime")),
      sz("Address"),
      flag("EnableDhcp"),
      flag("EnableNetBIOS"),
      sz("Network"),
      flag("OverrideAddressMatch"),
      dword("ProbeFailureThreshold", 0),
      dword("ProbePort", 0, 0xffff),
      sz("SubnetMask"),
    ),
    "IPv6 Address": settings(sz("Address"), sz("Network"), dword("PrefixLength", 0, 128)),
    "IPv6 Tunnel Address": settings(sz("Address"), dword("TunnelType", 0)),
    "Physical Disk": settings(
      dword("CsvEnforceWriteThrough", 0, 2),
      sz("DiskGuid"),
      sz("DiskIdGuid"),
      dword("DiskIdType", 5000),
      sz("DiskPath"),
      flag("DiskReload"),
      dword("DiskRunChkDsk", 0, 5),
      dword("DiskSignature", 0),
      binary("DiskUniqueIds"),
      binary("DiskVolumeInfo"),
      dword("MaxIoLatency", 1000),
      sz("VirtualDiskDescription"),
      sz("VirtualDiskId"),
      sz("VirtualDiskName"),
    ),
    "File Share Witness": settings(dword("ArbitrationDelay", 6), sz("SharePath")),
    "Cloud Witness": settings(sz("AccountName"), sz("EndpointInfo"), sz("ContainerName")),
    "Storage Pool": settings(
      readOnly(dword("State", 0)),
      readOnly(dword("Health", 0)),
      sz("Description"),
      sz("DriveIds"),
      sz("Name"),
      sz("PoolId"),
    ),
    "Virtual Machine": settings(
      flag("CheckHeartbeat", 1),
      dword("DefaultMoveType", 0xffff_ffff),
      dword("OfflineAction", 1, 3),
      dword("ShutdownAction", 0, 1),
      flag("StartMemory"),
      sz("VmID"),
      dword("VmState", 0),
    ),
    "Virtual Machine Configuration": settings(
      multiSz("DependsOnSharedVolumes"),
      sz("VmID"),
      sz("VmStoreRootPath"),
    ),
    "DHCP Service": settings(
      expandSz("BackupPath"),
      expandSz("DatabasePath"),
      expandSz("LogFilePath"),
    ),
    "Distributed File System": settings(sz("RootName"), sz("ShareName")),
    "Task Scheduler": settings(sz("TaskName"), sz("TaskXml")),
  }).map(([type, definitions]) => [fold(type), definitions]),
);

/** The private properties that resources of a type have; none for a type that isn't known. */
export function resourceSchema(type: string): Schema {
  return byType.get(fold(type)) ?? noSchema;
}
