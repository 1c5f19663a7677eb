#!/usr/bin/python3
"""Samba's own client of endpoint mappers.  samba-client.py HOST lookup COUNT | echo NUMBER

lookup: every entry, COUNT at a call, as JSON [object, annotation, tower in hexadecimal]; echo: what rpcecho, found by the mapper, makes of a number."""
import json
import sys

from samba.credentials import Credentials
from samba.dcerpc import echo, epmapper, misc
from samba.ndr import ndr_pack
from samba.param import LoadParm

NO_MORE = 0x16C9A0D6
NO_HANDLE = "00000000-0000-0000-0000-000000000000"
host, what, *rest = sys.argv[1:]
lp = LoadParm()
lp.set("log level", "0")
lp.set("name resolve order", "host")
creds = Credentials()
creds.guess(lp)
creds.set_anonymous()
binding = "ncacn_ip_tcp:%s" % host


def octets(tower):
    # A length, twice, stands before the tower: as a conformant array's size and as its own.
    return ndr_pack(tower)[8:].hex() if tower else None


def lookup(mapper, count):
    handle = misc.policy_handle()
    found = []
    while True:
        handle, entries, status = mapper.epm_Lookup(0, None, None, 0, handle, count)
        if status not in (0, NO_MORE):
            sys.exit("status 0x%08x" % status)
        for entry in entries:
            found.append([str(entry.object), entry.annotation, octets(entry.tower)])
        if status == NO_MORE or str(handle.uuid) == NO_HANDLE:
            return found


if what == "lookup":
    print(json.dumps(lookup(epmapper.epmapper(binding + "[135]", lp, creds), int(rest[0]))))
elif what == "echo":
    print(echo.rpcecho(binding, lp, creds).AddOne(int(rest[0])))
