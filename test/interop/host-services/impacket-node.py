#!/usr/bin/python3
"""impacket looks whether a host is an active node of a cluster ([MS-CMRP] 3.1.3), sealed, by its endpoint mapper.

impacket-node.py HOST DOMAIN USER PASSWORD: what it got, as JSON."""
import json
import sys

from impacket.dcerpc.v5 import epm, rpcrt, rrp, scmr, transport

host, domain, user, password = sys.argv[1:5]


def connect(interface):
    binding = epm.hept_map(host, interface, protocol="ncacn_ip_tcp")
    connection = transport.DCERPCTransportFactory(binding)
    connection.set_connect_timeout(10)
    connection.set_credentials(user, password, domain)
    dce = connection.get_dce_rpc()
    dce.set_auth_type(rpcrt.RPC_C_AUTHN_WINNT)
    dce.set_auth_level(rpcrt.RPC_C_AUTHN_LEVEL_PKT_PRIVACY)
    dce.connect()
    dce.bind(interface)
    return dce


dce = connect(scmr.MSRPC_UUID_SCMR)
manager = scmr.hROpenSCManagerW(dce, dwDesiredAccess=5)["lpScHandle"]
service = scmr.hROpenServiceW(dce, manager, "ClusSvc", 5)["lpServiceHandle"]
start = scmr.hRQueryServiceConfigW(dce, service)["lpServiceConfig"]["dwStartType"]
state = scmr.hRQueryServiceStatus(dce, service)["lpServiceStatus"]["dwCurrentState"]
dce = connect(rrp.MSRPC_UUID_RRP)
machine = rrp.hOpenLocalMachine(dce, 0x20019)["phKey"]
path = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Cluster Server"
key = rrp.hBaseRegOpenKey(dce, machine, path, samDesired=0x20019)["phkResult"]
print(json.dumps([start, state, rrp.hBaseRegQueryValue(dce, key, "ClusterInstallationState")[1]]))
