"""Encodes and decodes calls and references of DCOM with impacket.

Prints a JSON object of hexadecimal texts: what impacket makes of the values below. Reads one line, an object of the same
form, with what the other side made of its values, and prints what impacket reads there.
"""

import json
import sys
from uuid import UUID

from impacket.dcerpc.v5 import dcomrt
from impacket.dcerpc.v5.dtypes import NULL

CID = UUID("01020304-0506-0708-090a-0b0c0d0e0f10").bytes_le
IPID = UUID("11121314-1516-1718-191a-1b1c1d1e1f20").bytes_le
IID = UUID("00000131-0000-0000-c000-000000000046").bytes_le
CLSID = UUID("0000033c-0000-0000-c000-000000000046").bytes_le
# "node1[49152]" by TCP, with NTLM and no name.
BINDINGS = [7, *map(ord, "node1[49152]"), 0, 0, 10, 0xFFFF, 0, 0]
SECURITY_OFFSET = 15


def orpc_this(call):
    this = call["ORPCthis"]
    this["version"]["MajorVersion"] = 5
    this["version"]["MinorVersion"] = 7
    this["flags"] = 0
    this["reserved1"] = 0
    this["cid"] = CID
    this["extensions"] = NULL


def query():
    call = dcomrt.RemQueryInterface()
    orpc_this(call)
    call["ripid"] = IPID
    call["cRefs"] = 5
    call["cIids"] = 2
    for iid in (IID, CLSID):
        item = dcomrt.IID()
        item["Data"] = iid
        call["iids"].append(item)
    return call


def references(call):
    orpc_this(call)
    call["cInterfaceRefs"] = 1
    item = dcomrt.REMINTERFACEREF()
    item["ipid"] = IPID
    item["cPublicRefs"] = 5
    item["cPrivateRefs"] = 1
    call["InterfaceRefs"].append(item)
    return call


def resolve():
    call = dcomrt.ResolveOxid2()
    call["pOxid"] = 0x1122334455667788
    call["cRequestedProtseqs"] = 2
    call["arRequestedProtseqs"].append(7)
    call["arRequestedProtseqs"].append(15)
    return call


def create():
    call = dcomrt.RemoteCreateInstance()
    orpc_this(call)
    call["pUnkOuter"] = NULL
    call["pActProperties"] = NULL
    return call


def std(objref):
    objref["iid"] = IID
    objref["std"]["flags"] = 0x1000
    objref["std"]["cPublicRefs"] = 5
    objref["std"]["oxid"] = 0x1122334455667788
    objref["std"]["oid"] = 0x99AABBCCDDEEFF00
    objref["std"]["ipid"] = IPID


def packed_bindings():
    units = [len(BINDINGS), SECURITY_OFFSET, *BINDINGS]
    return b"".join(unit.to_bytes(2, "little") for unit in units)


def standard():
    objref = dcomrt.OBJREF_STANDARD()
    std(objref)
    objref["saResAddr"] = packed_bindings()
    return objref


def handler():
    objref = dcomrt.OBJREF_HANDLER()
    std(objref)
    objref["clsid"] = CLSID
    objref["saResAddr"] = packed_bindings()
    return objref


def custom():
    objref = dcomrt.OBJREF_CUSTOM()
    objref["iid"] = IID
    objref["clsid"] = CLSID
    objref["cbExtension"] = 0
    objref["pObjectData"] = b"\1\2\3\4\5"
    objref["ObjectReferenceSize"] = 13
    return objref


encoded = {
    "query": query(),
    "addRef": references(dcomrt.RemAddRef()),
    "release": references(dcomrt.RemRelease()),
    "resolve": resolve(),
    "create": create(),
    "standard": standard(),
    "handler": handler(),
    "custom": custom(),
}
print(json.dumps({name: each.getData().hex() for name, each in encoded.items()}), flush=True)

given = {name: bytes.fromhex(text) for name, text in json.loads(sys.stdin.readline()).items()}
queried = dcomrt.RemQueryInterfaceResponse(given["query"])
result = queried["ppQIResults"]
resolved = dcomrt.ResolveOxid2Response(given["resolve"])
created = dcomrt.RemoteCreateInstanceResponse(given["create"])
print(
    json.dumps(
        {
            "query": [
                queried["ORPCthat"]["flags"],
                result["hResult"],
                result["std"]["cPublicRefs"],
                hex(result["std"]["oid"]),
                result["std"]["ipid"].hex(),
                queried["ErrorCode"],
            ],
            "resolve": [
                [unit for unit in resolved["ppdsaOxidBindings"]["aStringArray"]],
                resolved["ppdsaOxidBindings"]["wSecurityOffset"],
                resolved["pipidRemUnknown"].hex(),
                resolved["pAuthnHint"],
                resolved["pComVersion"]["MinorVersion"],
                resolved["ErrorCode"],
            ],
            "create": [b"".join(created["ppActProperties"]["abData"]).hex(), created["ErrorCode"]],
        }
    )
)
