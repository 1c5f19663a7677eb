// Calls of the endpoint mapper and of remote management, as python3-samba packs them.
import type { StructValue } from "@msrpc/wire";
import { clusapi, guid, handle, type Twin, uuid } from "./twin.ts";

const mgmt = "afa8bd80-7d8a-11c9-bef4-08002b102989";

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

const towerUnlike = { NDR64: "Samba has eight bytes for tower_length, an unsigned long" };
const versionUnlike = {
  "NDR big-endian":
    "Samba has one 32-bit version for vers_major and vers_minor, two unsigned shorts",
};

export const serviceTwins: readonly Twin[] = [
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
];
