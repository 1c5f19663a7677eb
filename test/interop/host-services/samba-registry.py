#!/usr/bin/python3
"""Samba's Python as a client of our registry, found by the endpoint mapper at port 135, sealed.

samba-registry.py HOST DOMAIN USER PASSWORD: what it got, as JSON."""
import json
import struct
import sys

from samba import NTSTATUSError, WERRORError
from samba.credentials import Credentials
from samba.dcerpc import security, winreg
from samba.ndr import ndr_unpack
from samba.param import LoadParm

host, domain, user, password = sys.argv[1:5]
ALL = 0x02000000


def text(value=""):
    name = winreg.String()
    name.name = value
    return name


def room(octets):
    buffer = winreg.StringBuf()
    buffer.size = octets
    buffer.name = ""
    return buffer


def failure(call):
    try:
        call()
    except WERRORError as error:
        return error.args[1].replace("WERR_", "ERROR_")
    except NTSTATUSError as error:
        # So its client calls the fault 0x1c00001a.
        mismatch = "does not match any known context handles" in error.args[1]
        return "nca_s_fault_context_mismatch" if mismatch else error.args[1]
    return "none"


def octets_of(key, name, size=64):
    kind, data, needed, length = registry.QueryValue(key, text(name), 0, [0] * size, size, 0)
    return kind, bytes(data[:length])


def read(key, name):
    kind, data = octets_of(key, name)
    if kind == 1:
        return [kind, data.decode("utf-16le").rstrip("\0")]
    if kind == 7:
        return [kind, data.decode("utf-16le").rstrip("\0").split("\0")]
    if kind in (4, 11):
        return [kind, struct.unpack("<I" if kind == 4 else "<Q", data)[0]]
    return [kind, data.hex()]


def all_of(enumerate_one):
    found = []
    while True:
        try:
            found.append(enumerate_one(len(found)))
        except WERRORError as error:
            assert error.args[1] == "WERR_NO_MORE_ITEMS", error
            return found


parameters = LoadParm()
parameters.load_default()
credentials = Credentials()
credentials.guess(parameters)
credentials.set_domain(domain)
credentials.set_username(user)
credentials.set_password(password)
registry = winreg.winreg("ncacn_ip_tcp:%s[seal]" % host, parameters, credentials)

machine = registry.OpenHKLM(None, ALL)
acme = registry.OpenKey(machine, text("SOFTWARE\\Acme"), 0, ALL)


def value_name(at):
    name = winreg.ValNameBuf()
    name.size = 512
    name.name = ""
    return registry.EnumValue(acme, at, name, 0, None, 0, 0)[0].name


def key_name(at):
    return registry.EnumKey(acme, at, room(512), room(512), 0)[0].name


info = registry.QueryInfoKey(acme, text())
told = {
    "text": read(acme, "Version"),
    "default": read(acme, ""),
    "number": read(acme, "Number"),
    "large": read(acme, "Large"),
    "texts": read(acme, "Names"),
    "octets": read(acme, "Octets"),
    "values": all_of(value_name),
    "keys": all_of(key_name),
    "counts": [info[1], info[4]],
    "missing": failure(lambda: read(acme, "None")),
}
key, first = registry.CreateKey(acme, text("New"), text("Kind"), 0, ALL, None, 0)
again, second = registry.CreateKey(acme, text("New"), text(""), 0, ALL, None, 0)
kind_room = text(" " * 64)
told["made"] = [key_name(1), registry.QueryInfoKey(key, kind_room)[0].name, first, second]
registry.SetValue(key, text("Octets"), 3, [9, 8, 7, 6])
told["written"] = read(key, "octets")
registry.SetValue(key, text("Long"), 3, [0] * 5000)
_, _, needed, _ = registry.QueryValue(key, text("Long"), 0, None, 0, 0)
told["long"] = len(octets_of(key, "Long", needed)[1])
buffer = winreg.KeySecurityData()
buffer.size = 4096
descriptor = registry.GetKeySecurity(key, 7, buffer)
unpacked = ndr_unpack(security.descriptor, bytes(descriptor.data[: descriptor.len]))
told["descriptor"] = str(unpacked.owner_sid) == "S-1-5-32-544"
told["version"] = registry.GetVersion(key)
registry.DeleteValue(key, text("Octets"))
told["deleted"] = failure(lambda: read(key, "Octets"))
registry.CloseKey(again)
registry.DeleteKey(acme, text("New"))
registry.CloseKey(key)
told["closed"] = failure(lambda: registry.GetVersion(key))
print(json.dumps(told))
