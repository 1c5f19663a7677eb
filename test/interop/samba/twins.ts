// Values that python3-samba packs: each as Python makes it, with the helpers of pack.py, and as we have it.
import type { StructValue, Value } from "@msrpc/wire";

/** A structure, or one direction of a call. */
export interface Twin {
  readonly name: string;
  /** Python that leaves the value in `r`. */
  readonly code: string;
  readonly what: "struct" | "in" | "out";
  /** Where ours is declared: a type for a structure, else an operation. */
  readonly file: keyof typeof twinFiles;
  readonly symbol: string;
  readonly value: StructValue;
  /** Of a response: what of the request its counts need. */
  readonly request?: StructValue;
  /**
   * Samba numbers full pointers from 1 and not as it does unique ones, so the bytes differ in referent ids. Samba must
   * read ours as what it packs itself. The module and opnum that it has for the call.
   */
  readonly fullPointers?: { readonly module: string; readonly opnum: number };
  /** Forms in which Samba differs, by their names, and why it is wrong. */
  readonly unlike?: Readonly<Record<string, string>>;
}

export const twinFiles = {
  twins: "twins.idl",
  epm: "dce-rpc/epm.idl",
  mgmt: "dce-rpc/mgmt.idl",
} as const;

const uuid = "01020304-0506-0708-090a-0b0c0d0e0f10";
const clusapi = "b97db8b2-4c63-11cf-bff6-08002be23f2f";
const mgmt = "afa8bd80-7d8a-11c9-bef4-08002b102989";
const handle: StructValue = { attributes: 0, uuid };

/** A UUID as its structure. */
function guid(text: string): StructValue {
  const [low = "", middle = "", high = "", ...rest] = text.split("-");
  return {
    Data1: Number.parseInt(low, 16),
    Data2: Number.parseInt(middle, 16),
    Data3: Number.parseInt(high, 16),
    Data4: new Uint8Array(Buffer.from(rest.join(""), "hex")),
  };
}

function sid(...subAuthorities: number[]): StructValue {
  return {
    Revision: 1,
    SubAuthorityCount: subAuthorities.length,
    IdentifierAuthority: { Value: new Uint8Array([0, 0, 0, 0, 0, 5]) },
    SubAuthority: subAuthorities,
  };
}

/** `room`: bytes of the buffer beyond the text, as Samba has them in a "large" string. */
function unicode(text: string, room = 0): StructValue {
  return {
    Length: text.length * 2,
    MaximumLength: text.length * 2 + room,
    Buffer: wide(text),
  };
}

/** UTF-16 units, which are no [string]. */
function wide(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** Interface, NDR 2.0, connection-oriented RPC, TCP, IP: five floors. */
function tower(port: number, address: string): StructValue {
  const octets = Buffer.from(
    "050013000db2b87db9634ccf11bff608002be23f2f030002000000" +
      "13000d045d888aeb1cc9119fe808002b10486002000200000001000b02000000" +
      `0100070200${port.toString(16).padStart(4, "0")}0100090400`,
    "hex",
  );
  const all = new Uint8Array([...octets, ...address.split(".").map(Number)]);
  return { tower_length: all.length, tower_octet_string: all };
}

const shares: Value = {
  level: 1,
  info: {
    tag: 1,
    arm: "level1",
    value: {
      count: 2,
      buffer: [
        { name: "IPC$", type: 0x8000_0003, remark: "" },
        { name: "data", type: 0, remark: "Files" },
      ],
    },
  },
};
const pythonShares = `shares = [make(srvsvc.NetShareInfo1, name="IPC$", type=0x80000003, comment=""),
          make(srvsvc.NetShareInfo1, name="data", type=0, comment="Files")]
info = make(srvsvc.NetShareInfoCtr, level=1, ctr=make(srvsvc.NetShareCtr1, count=2, array=shares))
`;

const towerUnlike = { NDR64: "Samba has eight bytes for tower_length, an unsigned long" };
const versionUnlike = {
  "NDR big-endian":
    "Samba has one 32-bit version for vers_major and vers_minor, two unsigned shorts",
};

export const twins: readonly Twin[] = [
  {
    name: "GUID",
    code: `r = misc.GUID("${clusapi}")`,
    what: "struct",
    file: "twins",
    symbol: "GUID",
    value: guid(clusapi),
  },
  {
    name: "SERVER_INFO_100",
    code: `r = make(srvsvc.NetSrvInfo100, platform_id=500, server_name="NODE1")`,
    what: "struct",
    file: "twins",
    symbol: "SERVER_INFO_100",
    value: { sv100_platform_id: 500, sv100_name: "NODE1" },
  },
  {
    name: "SERVER_INFO_101",
    code: `r = make(srvsvc.NetSrvInfo101, platform_id=500, server_name="NODE1", version_major=10,
         version_minor=0, server_type=0x9003, comment="")`,
    what: "struct",
    file: "twins",
    symbol: "SERVER_INFO_101",
    value: {
      sv101_platform_id: 500,
      sv101_name: "NODE1",
      sv101_version_major: 10,
      sv101_version_minor: 0,
      sv101_version_type: 0x9003,
      sv101_comment: "",
    },
  },
  {
    name: "RPC_UNICODE_STRING",
    code: `r = text(lsa.String, "Grüße")`,
    what: "struct",
    file: "twins",
    symbol: "RPC_UNICODE_STRING",
    value: unicode("Grüße"),
  },
  {
    name: "RPC_SID in an array of pointers",
    code: `r = make(lsa.SidArray, num_sids=2, sids=[make(lsa.SidPtr, sid=sid("S-1-5-21-1-2-3")),
         make(lsa.SidPtr, sid=sid("S-1-5-18"))])`,
    what: "struct",
    file: "twins",
    symbol: "SID_LIST",
    value: { count: 2, sids: [{ sid: sid(21, 1, 2, 3) }, { sid: sid(18) }] },
  },
  {
    name: "NetrShareEnum request",
    code: `${pythonShares}r = make(srvsvc.NetShareEnumAll, in_server_unc="host", in_info_ctr=info,
         in_max_buffer=0xffffffff, in_resume_handle=5)`,
    what: "in",
    file: "twins",
    symbol: "ShareEnum",
    value: { server: "host", shares, preferred: 0xffff_ffff, resume: 5 },
  },
  {
    name: "NetrShareEnum response",
    code: `${pythonShares}r = make(srvsvc.NetShareEnumAll, out_info_ctr=info, out_totalentries=2,
         out_resume_handle=None, result=0)`,
    what: "out",
    file: "twins",
    symbol: "ShareEnum",
    value: { shares, total: 2, resume: null, return: 0 },
  },
  {
    name: "LsarLookupNames request",
    code: `r = make(lsa.LookupNames, in_handle=handle("${uuid}"), in_num_names=2,
         in_names=[text(lsa.String, "alice"), text(lsa.String, "bob")],
         in_sids=make(lsa.TransSidArray, count=0), in_level=1, in_count=0)`,
    what: "in",
    file: "twins",
    symbol: "LookupNames",
    value: {
      policy: handle,
      count: 2,
      names: [unicode("alice"), unicode("bob")],
      sids: { count: 0, sids: null },
      level: 1,
      mapped: 0,
    },
  },
  {
    name: "LsarLookupNames response",
    code: `domain = make(lsa.DomainInfo, name=text(lsa.StringLarge, "DOM"), sid=sid("S-1-5-21-1-2-3"))
sids = [make(lsa.TranslatedSid, sid_type=1, rid=1000, sid_index=0),
        make(lsa.TranslatedSid, sid_type=2, rid=513, sid_index=0)]
r = make(lsa.LookupNames, out_domains=make(lsa.RefDomainList, count=1, domains=[domain], max_size=32),
         out_sids=make(lsa.TransSidArray, count=2, sids=sids), out_count=2)`,
    what: "out",
    file: "twins",
    symbol: "LookupNames",
    value: {
      domains: { count: 1, domains: [{ name: unicode("DOM", 2), sid: sid(21, 1, 2, 3) }], max: 32 },
      sids: {
        count: 2,
        sids: [
          { use: 1, rid: 1000, domain: 0 },
          { use: 2, rid: 513, domain: 0 },
        ],
      },
      mapped: 2,
      return: 0,
    },
  },
  {
    name: "SamrQueryInformationDomain request",
    code: `r = make(samr.QueryDomainInfo, in_domain_handle=handle("${uuid}"), in_level=12)`,
    what: "in",
    file: "twins",
    symbol: "QueryDomain",
    value: { domain: handle, level: 12 },
  },
  {
    name: "SamrQueryInformationDomain response, 64-bit integers",
    code: `r = make(samr.QueryDomainInfo, in_level=12, out_info=make(samr.DomInfo12,
         lockout_duration=2**64 - 800000000, lockout_window=7, lockout_threshold=3))`,
    what: "out",
    file: "twins",
    symbol: "QueryDomain",
    value: {
      info: {
        tag: 12,
        arm: "lockout",
        value: { duration: { QuadPart: -800000000n }, window: { QuadPart: 7n }, threshold: 3 },
      },
      return: 0,
    },
    request: { level: 12 },
  },
  {
    name: "SamrQueryInformationDomain response, a string",
    code: `r = make(samr.QueryDomainInfo, in_level=5,
         out_info=make(samr.DomInfo5, domain_name=text(lsa.String, "DOM")))`,
    what: "out",
    file: "twins",
    symbol: "QueryDomain",
    value: { info: { tag: 5, arm: "name", value: { name: unicode("DOM") } }, return: 0 },
    request: { level: 5 },
  },
  {
    name: "ept_map request",
    code: `r = make(epmapper.epm_Map, in_object=misc.GUID("${uuid}"),
         in_map_tower=tower("${clusapi}", 3, 135, "127.0.0.1"),
         in_entry_handle=handle("00000000-0000-0000-0000-000000000000"), in_max_towers=4)`,
    what: "in",
    file: "epm",
    symbol: "ept_map",
    value: {
      object: guid(uuid),
      map_tower: tower(135, "127.0.0.1"),
      entry_handle: null,
      max_towers: 4,
    },
    fullPointers: { module: "samba.dcerpc.epmapper", opnum: 3 },
    unlike: towerUnlike,
  },
  {
    name: "ept_map response",
    code: `towers = [make(epmapper.epm_twr_p_t, twr=tower("${clusapi}", 3, port, "10.0.0.1"))
          for port in (49200, 49201)]
r = make(epmapper.epm_Map, in_max_towers=4, out_entry_handle=handle("${uuid}"), out_num_towers=2,
         out_towers=towers, result=0)`,
    what: "out",
    file: "epm",
    symbol: "ept_map",
    value: {
      entry_handle: handle,
      num_towers: 2,
      towers: [tower(49200, "10.0.0.1"), tower(49201, "10.0.0.1")],
      status: 0,
    },
    request: { max_towers: 4 },
    fullPointers: { module: "samba.dcerpc.epmapper", opnum: 3 },
    unlike: towerUnlike,
  },
  {
    name: "ept_lookup request",
    code: `r = make(epmapper.epm_Lookup, in_inquiry_type=1, in_object=None, in_vers_option=1,
         in_interface_id=make(epmapper.rpc_if_id_t, uuid=misc.GUID("${clusapi}"), vers_major=3, vers_minor=0),
         in_entry_handle=handle("00000000-0000-0000-0000-000000000000"), in_max_ents=10)`,
    what: "in",
    file: "epm",
    symbol: "ept_lookup",
    value: {
      inquiry_type: 1,
      object: null,
      interface_id: { uuid: guid(clusapi), vers_major: 3, vers_minor: 0 },
      vers_option: 1,
      entry_handle: null,
      max_ents: 10,
    },
    fullPointers: { module: "samba.dcerpc.epmapper", opnum: 2 },
  },
  {
    name: "ept_lookup response",
    code: `entry = make(epmapper.epm_entry_t, object=misc.GUID("${uuid}"), annotation="cluster",
             tower=tower("${clusapi}", 3, 49200, "10.0.0.1"))
r = make(epmapper.epm_Lookup, in_max_ents=10, out_entry_handle=handle("${uuid}"), out_num_ents=1,
         out_entries=[entry], result=0)`,
    what: "out",
    file: "epm",
    symbol: "ept_lookup",
    value: {
      entry_handle: handle,
      num_ents: 1,
      entries: [{ object: guid(uuid), tower: tower(49200, "10.0.0.1"), annotation: "cluster" }],
      status: 0,
    },
    request: { max_ents: 10 },
    fullPointers: { module: "samba.dcerpc.epmapper", opnum: 2 },
    unlike: towerUnlike,
  },
  {
    name: "rpc__mgmt_inq_if_ids response",
    code: `ids = [make(mgmt.ndr_syntax_id_p, id=syntax(uuid, major))
       for uuid, major in (("${clusapi}", 3), ("${mgmt}", 1))]
r = make(mgmt.inq_if_ids, out_if_id_vector=make(mgmt.rpc_if_id_vector_t, count=2, if_id=ids), result=0)`,
    what: "out",
    file: "mgmt",
    symbol: "rpc__mgmt_inq_if_ids",
    value: {
      if_id_vector: {
        count: 2,
        if_id: [
          { uuid: guid(clusapi), vers_major: 3, vers_minor: 0 },
          { uuid: guid(mgmt), vers_major: 1, vers_minor: 0 },
        ],
      },
      status: 0,
    },
    unlike: versionUnlike,
  },
  {
    name: "rpc__mgmt_inq_princ_name request",
    code: "r = make(mgmt.inq_princ_name, in_authn_proto=9, in_princ_name_size=64)",
    what: "in",
    file: "mgmt",
    symbol: "rpc__mgmt_inq_princ_name",
    value: { authn_proto: 9, princ_name_size: 64 },
  },
  {
    name: "ExtendedErrorInfo",
    code: `def parameter(kind, value):
    return make(drsblobs.ExtendedErrorParam, type=kind, p=value)
def wide(text):
    return make(drsblobs.ExtendedErrorUString, __size=len(text) + 1, string=text)
cause = make(drsblobs.ExtendedErrorInfo, pid=7, time=8, generating_component=2, status=1722,
             detection_location=9, flags=1, num_params=0, params=[])
cause.computer_name.present = 2
r = make(drsblobs.ExtendedErrorInfo, next=cause, pid=1, time=2 << 40, generating_component=3, status=5,
         detection_location=4, flags=0, num_params=4, params=[
    parameter(2, wide("Gr\u00f6\u00dfe")), parameter(5, 1 << 40), parameter(6, None),
    parameter(7, make(drsblobs.ExtendedErrorBlob, length=3, data=[1, 2, 3]))])
r.computer_name.present = 1
r.computer_name.n = wide("NODE1")`,
    what: "struct",
    file: "twins",
    symbol: "ExtendedErrorInfo",
    value: {
      Next: {
        Next: null,
        ComputerName: { Type: 2, Value: { tag: 2, arm: null, value: null } },
        ProcessID: 7,
        TimeStamp: 8n,
        GeneratingComponent: 2,
        Status: 1722,
        DetectionLocation: 9,
        Flags: 1,
        nLen: 0,
        Params: [],
      },
      ComputerName: {
        Type: 1,
        Value: { tag: 1, arm: "Name", value: { nLength: 6, pString: wide("NODE1\0") } },
      },
      ProcessID: 1,
      TimeStamp: 2n << 40n,
      GeneratingComponent: 3,
      Status: 5,
      DetectionLocation: 4,
      Flags: 0,
      nLen: 4,
      Params: [
        {
          Type: 2,
          Value: { tag: 2, arm: "UnicodeString", value: { nLength: 6, pString: wide("Größe\0") } },
        },
        { Type: 5, Value: { tag: 5, arm: "PVal", value: 1n << 40n } },
        { Type: 6, Value: { tag: 6, arm: null, value: null } },
        {
          Type: 7,
          Value: { tag: 7, arm: "Blob", value: { nSize: 3, pBlob: Uint8Array.of(1, 2, 3) } },
        },
      ],
    },
  },
];
