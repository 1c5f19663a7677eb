#!/usr/bin/python3
"""Samba's Python as a client of our services, found by the endpoint mapper at port 135, sealed.

samba-services.py HOST DOMAIN USER PASSWORD: what it got, as JSON."""
import json
import struct
import sys

from samba import WERRORError
from samba.credentials import Credentials
from samba.dcerpc import security, svcctl
from samba.ndr import ndr_unpack
from samba.param import LoadParm

host, domain, user, password = sys.argv[1:5]
ALL = 0x02000000


def failure(call):
    try:
        call()
    except WERRORError as error:
        return error.args[1].replace("WERR_", "ERROR_")
    return "none"


parameters = LoadParm()
parameters.load_default()
credentials = Credentials()
credentials.guess(parameters)
credentials.set_domain(domain)
credentials.set_username(user)
credentials.set_password(password)
control = svcctl.svcctl("ncacn_ip_tcp:%s[seal]" % host, parameters, credentials)
manager = control.OpenSCManagerW(None, None, ALL)
opened = lambda name: control.OpenServiceW(manager, name, ALL)


def text_at(octets, offset):
    return octets[offset:].decode("utf-16le", "ignore").split("\0")[0]


def entries(octets, count):
    octets = bytes(octets)
    for index in range(count):
        name, display, _, state = struct.unpack_from("<4I", octets, 36 * index)
        yield [text_at(octets, name), text_at(octets, display), state]


def config(service):
    answer = control.QueryServiceConfigW(service, 8192)[0]
    return [
        answer.service_type,
        answer.start_type,
        answer.error_control,
        answer.executablepath,
        answer.dependencies,
        answer.startname,
        answer.displayname,
    ]


state = lambda: control.QueryServiceStatus(spooler).state
spooler, base = opened("Spooler"), opened("Base")
octets, _, count, _ = control.EnumServicesStatusW(manager, 0x30, 3, 4096, 0)
told = {
    "listed": list(entries(octets, count)),
    "config": config(spooler),
    "missing": failure(lambda: opened("None")),
}
states = [state()]
control.StartServiceW(spooler, [])
states.append(state())
told["busy"] = failure(lambda: control.ControlService(base, 1))
octets, _, count = control.EnumDependentServicesW(base, 3, 1024)
told["dependents"] = [name for name, _, _ in entries(octets, count)]
for code in (2, 3, 1):
    control.ControlService(spooler, code)
    states.append(state())
told["states"] = states


def create():
    nothing = None
    return control.CreateServiceW(
        manager, "Made", "Made", ALL, 0x10, 2, 0, "C:\\made.exe", nothing, None, [], nothing, []
    )[1]


made = create()
told["made"] = config(made)
told["exists"] = failure(create)
octets, needed = control.QueryServiceObjectSecurity(made, 4, 4096)
told["descriptor"] = ndr_unpack(security.descriptor, bytes(octets[:needed])).dacl.num_aces == 3
lock = control.LockServiceDatabase(manager)
told["locked"] = failure(lambda: control.StartServiceW(made, []))
control.UnlockServiceDatabase(lock)
control.DeleteService(made)
control.CloseServiceHandle(made)
told["deleted"] = failure(lambda: opened("Made"))
print(json.dumps(told))
