"""Calls our server with impacket: its NDR, its PDUs, its NTLM.

impacket-client.py PORT SYNTAX LEVEL FRAGMENT: one line of what it got, or a traceback.
"""
import sys

from impacket.dcerpc.v5 import mgmt, rpcrt, transport
from impacket.dcerpc.v5.dtypes import DWORD
from impacket.dcerpc.v5.ndr import NDRCALL, NDRSTRUCT
from impacket.uuid import uuidtup_to_bin

port, syntax, level, fragment = sys.argv[1:5]
SYNTAXES = {
    "ndr": ("8A885D04-1CEB-11C9-9FE8-08002B104860", "2.0"),
    "ndr64": ("71710533-BEBA-4937-8319-B5DBEF9CCC36", "1.0"),
}
LEVELS = {"integrity": 5, "privacy": 6}
CLUSAPI = uuidtup_to_bin(("b97db8b2-4c63-11cf-bff6-08002be23f2f", "3.0"))


class Handle(NDRSTRUCT):
    align = 4
    structure = (("data", '20s=b""'),)

    def getAlignment(self):
        return 4


class ApiOpenCluster(NDRCALL):
    opnum = 0
    structure = ()


class ApiOpenClusterResponse(NDRCALL):
    structure = (("Status", DWORD), ("Cluster", Handle))


class ApiCloseCluster(NDRCALL):
    opnum = 1
    structure = (("Cluster", Handle),)


class ApiCloseClusterResponse(NDRCALL):
    structure = (("Cluster", Handle), ("ErrorCode", DWORD))


def connect():
    t = transport.DCERPCTransportFactory("ncacn_ip_tcp:127.0.0.1[%s]" % port)
    t.set_connect_timeout(5)
    if level != "none":
        t.set_credentials("alice", "Passw0rd.2", "EXAMPLE")
    dce = t.get_dce_rpc()
    dce.connect()
    t.get_socket().settimeout(10)
    if level != "none":
        dce.set_auth_type(rpcrt.RPC_C_AUTHN_WINNT)
        dce.set_auth_level(LEVELS[level])
    if fragment != "0":
        dce.set_max_fragment_size(int(fragment))
    return dce


dce = connect()
dce.bind(mgmt.MSRPC_UUID_MGMT, transfer_syntax=SYNTAXES[syntax])
vector = mgmt.hinq_if_ids(dce)["if_id_vector"] if fragment == "0" else None
princ = b"".join(mgmt.hinq_princ_name(dce, 10, 64)["princ_name"]).decode()
dce.disconnect()

handles = "no"
if fragment == "0":
    dce = connect()
    dce.bind(CLUSAPI, transfer_syntax=SYNTAXES[syntax])
    for _ in range(20):
        opened = dce.request(ApiOpenCluster(), checkError=False)
        close = ApiCloseCluster()
        close["Cluster"] = opened["Cluster"]
        closed = dce.request(close, checkError=False)
        assert closed["ErrorCode"] == 0 and closed["Cluster"]["data"] == b"\0" * 20
    handles = "20"
    try:
        dce.call(999, b"")
        dce.recv()
        raise AssertionError("opnum 999 was answered")
    except rpcrt.DCERPCException as error:
        assert "nca_s_op_rng_error" in str(error), str(error)
    assert dce.request(ApiOpenCluster(), checkError=False)["Status"] == 0
    dce.disconnect()

count = vector["count"] if vector is not None else "-"
print("interfaces=%s name=%s handles=%s" % (count, princ.rstrip("\0"), handles))
