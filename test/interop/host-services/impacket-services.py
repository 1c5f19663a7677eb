#!/usr/bin/python3
"""impacket as a client of our services, found by the endpoint mapper at port 135, sealed.

impacket-services.py HOST DOMAIN USER PASSWORD: what it got, as JSON."""
import json
import sys

from impacket.dcerpc.v5 import epm, rpcrt, scmr, transport

host, domain, user, password = sys.argv[1:5]
NAMES = {
    1051: "ERROR_DEPENDENT_SERVICES_RUNNING",
    1055: "ERROR_SERVICE_DATABASE_LOCKED",
    1060: "ERROR_SERVICE_DOES_NOT_EXIST",
    1073: "ERROR_SERVICE_EXISTS",
}


def failure(call):
    try:
        call()
    except scmr.DCERPCSessionError as error:
        return NAMES.get(error.get_error_code(), error.get_error_code())
    return "none"


binding = epm.hept_map(host, scmr.MSRPC_UUID_SCMR, protocol="ncacn_ip_tcp")
connection = transport.DCERPCTransportFactory(binding)
connection.set_connect_timeout(10)
connection.set_credentials(user, password, domain)
dce = connection.get_dce_rpc()
dce.set_auth_type(rpcrt.RPC_C_AUTHN_WINNT)
dce.set_auth_level(rpcrt.RPC_C_AUTHN_LEVEL_PKT_PRIVACY)
dce.connect()
dce.bind(scmr.MSRPC_UUID_SCMR)

manager = scmr.hROpenSCManagerW(dce, dwDesiredAccess=0x02000000)["lpScHandle"]
opened = lambda name: scmr.hROpenServiceW(dce, manager, name, 0x02000000)["lpServiceHandle"]


def config(service):
    answer = scmr.hRQueryServiceConfigW(dce, service)["lpServiceConfig"]
    numbers = [answer[name] for name in ("dwServiceType", "dwStartType", "dwErrorControl")]
    names = ("lpBinaryPathName", "lpDependencies", "lpServiceStartName", "lpDisplayName")
    return numbers + [answer[name].rstrip("\0") for name in names]


state = lambda: scmr.hRQueryServiceStatus(dce, spooler)["lpServiceStatus"]["dwCurrentState"]
spooler, base = opened("Spooler"), opened("Base")
text = lambda value: value.rstrip("\0")
told = {
    "listed": [
        [text(each["lpServiceName"]), text(each["lpDisplayName"]), each["ServiceStatus"]["dwCurrentState"]]
        for each in scmr.hREnumServicesStatusW(dce, manager)
    ],
    "config": config(spooler),
    "names": [
        text(scmr.hRGetServiceDisplayNameW(dce, manager, "Spooler\0", 64)["lpDisplayName"]),
        text(scmr.hRGetServiceKeyNameW(dce, manager, "Print Spooler\0", 64)["lpDisplayName"]),
    ],
    "missing": failure(lambda: opened("None")),
}
states = [state()]
scmr.hRStartServiceW(dce, spooler, 2, ["Spooler\0", "-v\0"])
states.append(state())
told["busy"] = failure(lambda: scmr.hRControlService(dce, base, 1))
answer = scmr.hREnumDependentServicesW(dce, base, 3, 1024)
octets = b"".join(answer["lpServices"])
first = octets[int.from_bytes(octets[:4], "little") :].decode("utf-16le", "ignore").split("\0")[0]
told["dependents"] = [first][: answer["lpServicesReturned"]]
for control in (2, 3, 1):
    scmr.hRControlService(dce, spooler, control)
    states.append(state())
told["states"] = states
create = lambda: scmr.hRCreateServiceW(dce, manager, "Made\0", "Made\0", lpBinaryPathName="C:\\made.exe\0")
made = create()["lpServiceHandle"]
told["made"] = config(made)
told["exists"] = failure(create)
scmr.hRChangeServiceConfigW(dce, made, dwStartType=3, lpDisplayName="Changed\0")
changed = config(made)
told["changed"] = [changed[1], changed[6]]
descriptor = scmr.hRQueryServiceObjectSecurity(dce, made, 4, 4096)["lpSecurityDescriptor"]
told["descriptor"] = b"".join(descriptor)[:2] == b"\x01\0"
lock = scmr.hRLockServiceDatabase(dce, manager)["lpLock"]
told["locked"] = failure(lambda: scmr.hRStartServiceW(dce, made))
scmr.hRUnlockServiceDatabase(dce, lock)
scmr.hRDeleteService(dce, made)
scmr.hRCloseServiceHandle(dce, made)
told["deleted"] = failure(lambda: opened("Made"))
print(json.dumps(told))
