#!/usr/bin/python3
"""impacket as a client of our registry, found by the endpoint mapper at port 135, sealed.

impacket-registry.py HOST DOMAIN USER PASSWORD: what it got, as JSON."""
import json
import sys

from impacket.dcerpc.v5 import epm, rpcrt, rrp, transport
from impacket.dcerpc.v5.dtypes import NULL

host, domain, user, password = sys.argv[1:5]
NAMES = {2: "ERROR_FILE_NOT_FOUND", 259: "ERROR_NO_MORE_ITEMS"}


def connect():
    binding = epm.hept_map(host, rrp.MSRPC_UUID_RRP, protocol="ncacn_ip_tcp")
    connection = transport.DCERPCTransportFactory(binding)
    connection.set_connect_timeout(10)
    connection.set_credentials(user, password, domain)
    dce = connection.get_dce_rpc()
    dce.set_auth_type(rpcrt.RPC_C_AUTHN_WINNT)
    dce.set_auth_level(rpcrt.RPC_C_AUTHN_LEVEL_PKT_PRIVACY)
    dce.connect()
    dce.bind(rrp.MSRPC_UUID_RRP)
    return dce


def failure(call):
    try:
        call()
    except rrp.DCERPCSessionError as error:
        return NAMES.get(error.get_error_code(), error.get_error_code())
    except rpcrt.DCERPCException as error:
        return str(error.get_error_code() or error).strip()
    return "none"


def plain(answer):
    kind, data = answer
    if kind in (1, 2):
        return [kind, data.rstrip("\0")]
    if kind == 7:
        text = data.decode("utf-16le") if isinstance(data, bytes) else data
        return [kind, text.rstrip("\0").split("\0")]
    return [kind, data.hex() if isinstance(data, bytes) else data]


def all_of(enumerate_one):
    found = []
    while True:
        try:
            found.append(enumerate_one(len(found)))
        except rrp.DCERPCSessionError as error:
            assert error.get_error_code() == 259, error
            return found


dce = connect()
machine = rrp.hOpenLocalMachine(dce)["phKey"]
acme = rrp.hBaseRegOpenKey(dce, machine, "SOFTWARE\\Acme")["phkResult"]
read = lambda name: plain(rrp.hBaseRegQueryValue(dce, acme, name))
info = rrp.hBaseRegQueryInfoKey(dce, acme)
told = {
    "text": read("Version"),
    "default": read(""),
    "number": read("Number"),
    "large": read("Large"),
    "texts": read("Names"),
    "octets": read("Octets"),
    "values": all_of(lambda at: rrp.hBaseRegEnumValue(dce, acme, at)["lpValueNameOut"].rstrip("\0")),
    "keys": all_of(lambda at: rrp.hBaseRegEnumKey(dce, acme, at)["lpNameOut"].rstrip("\0")),
    "counts": [info["lpcSubKeys"], info["lpcValues"]],
    "missing": failure(lambda: read("None")),
}
made = rrp.hBaseRegCreateKey(dce, acme, "New", lpClass="Kind")
again = rrp.hBaseRegCreateKey(dce, acme, "New")
key = made["phkResult"]
name = rrp.hBaseRegEnumKey(dce, acme, 1)["lpNameOut"].rstrip("\0")
kind = rrp.hBaseRegQueryInfoKey(dce, key)["lpClassOut"].rstrip("\0")
told["made"] = [name, kind, made["lpdwDisposition"], again["lpdwDisposition"]]
rrp.hBaseRegSetValue(dce, key, "Octets", 3, bytes([9, 8, 7, 6]))
told["written"] = plain(rrp.hBaseRegQueryValue(dce, key, "octets"))
# It doesn't fit into the room that is asked with first.
rrp.hBaseRegSetValue(dce, key, "Long", 3, bytes(5000))
told["long"] = len(rrp.hBaseRegQueryValue(dce, key, "Long")[1])
security = rrp.hBaseRegGetKeySecurity(dce, key, 7)["pRpcSecurityDescriptorOut"]
told["descriptor"] = b"".join(security["lpSecurityDescriptor"])[:2] == b"\x01\0"
told["version"] = rrp.hBaseRegGetVersion(dce, key)["lpdwVersion"]
rrp.hBaseRegDeleteValue(dce, key, "Octets")
told["deleted"] = failure(lambda: rrp.hBaseRegQueryValue(dce, key, "Octets"))
rrp.hBaseRegCloseKey(dce, again["phkResult"])
rrp.hBaseRegDeleteKey(dce, acme, "New")
rrp.hBaseRegCloseKey(dce, key)
told["closed"] = failure(lambda: rrp.hBaseRegGetVersion(dce, key))
print(json.dumps(told))
