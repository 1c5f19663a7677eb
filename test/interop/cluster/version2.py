#!/usr/bin/python3
"""Samba's generic client of any interface calls clusapi 2.0 over TCP.  version2.py HOST PORT PROTECTION USER PASSWORD

It can't log on by itself, so it goes on a connection that another client has sealed. It prints the octets of the answers by
their operations, as JSON."""
import json
import struct
import sys

from samba.credentials import Credentials
from samba.dcerpc import mgmt
from samba.dcerpc.base import ClientConnection
from samba.param import LoadParm

CLUSAPI2 = ("b97db8b2-4c63-11cf-bff6-08002be23f2f", 2)
host, port, protection, user, password = sys.argv[1:]
lp = LoadParm()
lp.set("log level", "0")
creds = Credentials()
creds.guess(lp)
creds.set_username(user)
creds.set_domain("EXAMPLE")
creds.set_password(password)
binding = "ncacn_ip_tcp:%s[%s,%s,spnego]" % (host, port, protection)
sealed = mgmt.mgmt(binding, lp, creds)
connection = ClientConnection(binding, CLUSAPI2, lp, basis_connection=sealed)


def text(value):
    octets = (value + "\0").encode("utf-16-le")
    count = len(octets) // 2
    return struct.pack("<III", count, 0, count) + octets


def call(opnum, stub=b""):
    return connection.request(opnum, stub)


group = call(41, text("Cluster Group"))
handle = group[-20:]
answers = {
    "GetClusterName": call(3),
    "GetClusterVersion": call(4),
    "CreateEnum": call(7, struct.pack("<I", 1)),
    "OpenGroup": group,
    "GetGroupState": call(45, handle),
    "DeleteGroup": call(43, handle),
    "CloseGroup": call(44, handle),
}
print(json.dumps({name: octets.hex() for name, octets in answers.items()}))
