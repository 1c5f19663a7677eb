// Values that python3-samba packs: those of several protocols, and the calls of services.
import type { StructValue, Value } from "@msrpc/wire";
import { serviceTwins } from "./service-twins.ts";
import { clusapi, guid, handle, type Twin, uuid } from "./twin.ts";

function sid(...subAuthorities: number[]): StructValue {
  return {
    Revision: 1,
    SubAuthorityCount: subAuthorities.length,
    IdentifierAuthority: { Value: new Uint8Array([0, 0, 0, 0, 0, 5]) },
    SubAuthority: subAuthorities,
  };
}

/** UTF-16 units, which are no [string]. */
function wide(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** `room`: bytes of the buffer beyond the text, as Samba has them in a "large" string. */
function unicode(text: string, room = 0): StructValue {
  return {
    Length: text.length * 2,
    MaximumLength: text.length * 2 + room,
    Buffer: wide(text),
  };
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

export const twins: readonly Twin[] = [
  ...serviceTwins,
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
