#!/usr/bin/python3
"""impacket as a client of the endpoint mapper at port 135.  impacket-client.py HOST lookup | map UUID VERSION PROTOCOL

lookup: every entry, as JSON [annotation, object, string binding]; map: the string binding of an interface."""
import json
import sys

from impacket.dcerpc.v5 import epm, transport
from impacket.uuid import bin_to_string, uuidtup_to_bin

host, what, *rest = sys.argv[1:]
dce = transport.DCERPCTransportFactory("ncacn_ip_tcp:%s[135]" % host).get_dce_rpc()
dce.connect()
if what == "lookup":
    found = [
        [
            entry["annotation"].rstrip(b"\0").decode("latin-1"),
            bin_to_string(entry["object"]).lower(),
            epm.PrintStringBinding(entry["tower"]["Floors"]),
        ]
        for entry in epm.hept_lookup(None, dce=dce)
    ]
    print(json.dumps(found))
else:
    uuid, version, protocol = rest
    print(epm.hept_map(None, uuidtup_to_bin((uuid, version)), protocol=protocol, dce=dce))
