"""Calls rpcecho of our server with impacket's own Kerberos, within SPNEGO and without header signing.

impacket-client.py ADDRESS PORT HOST KDC LEVEL: takes tickets from the cache of KRB5CCNAME.
"""
import struct
import sys

from impacket.dcerpc.v5 import rpcrt, transport
from impacket.uuid import uuidtup_to_bin

address, port, host, kdc, level = sys.argv[1:6]
LEVELS = {"connect": 2, "integrity": 5, "privacy": 6}
RPCECHO = uuidtup_to_bin(("60a15ec5-4de8-11d7-a637-005056a20182", "1.0"))

t = transport.DCERPCTransportFactory("ncacn_ip_tcp:%s[%s]" % (address, port))
t.setRemoteName(host)
t.setRemoteHost(address)
t.set_connect_timeout(5)
t.set_credentials("", "", "", "", "", "")
t.set_kerberos(True, kdc)
dce = t.get_dce_rpc()
dce.set_auth_type(rpcrt.RPC_C_AUTHN_GSS_NEGOTIATE)
dce.set_auth_level(LEVELS[level])
dce.connect()
t.get_socket().settimeout(10)
dce.bind(RPCECHO)
for length in (0, 1, 16, 1000, 3000):
    data = bytes(at % 251 for at in range(length))
    dce.call(1, struct.pack("<LL", length, length) + data)
    answer = dce.recv()
    assert answer[:4] == struct.pack("<L", length) and answer[4 : 4 + length] == data, answer
dce.disconnect()
print("five calls")
