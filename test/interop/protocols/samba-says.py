# What Samba's own Python clients get, as JSON: for calls that rpcclient has no command for.
#   samba-says.py CONFIGURATION BINDING DOMAIN USER PASSWORD WHAT [ARGUMENT]
import json
import sys

from samba import NTSTATUSError, WERRORError
from samba.credentials import Credentials
from samba.dcerpc import drsuapi, misc, srvsvc, winreg, wkssvc
from samba.param import LoadParm


def drs(connection, name):
    information = drsuapi.DsBindInfo28()
    information.supported_extensions = 0xFFFFFFFF & ~drsuapi.DRSUAPI_SUPPORTED_EXTENSION_CRYPTO_BIND
    container = drsuapi.DsBindInfoCtr()
    container.length = 28
    container.info = information
    answer, handle = connection.DsBind(misc.GUID(drsuapi.DRSUAPI_DS_BIND_GUID), container)
    request = drsuapi.DsReplicaGetInfoRequest1()
    request.info_type = drsuapi.DRSUAPI_DS_REPLICA_INFO_OBJ_METADATA2
    request.object_dn = name
    kind, metadata = connection.DsReplicaGetInfo(handle, 1, request)
    changes = drsuapi.DsGetNCChangesRequest8()
    changes.naming_context = drsuapi.DsReplicaObjectIdentifier()
    changes.naming_context.dn = name
    changes.highwatermark = drsuapi.DsReplicaHighWaterMark()
    changes.mapping_ctr.num_mappings = 0
    changes.replica_flags = 0x30
    changes.max_object_count = 1
    changes.extended_op = drsuapi.DRSUAPI_EXOP_REPL_OBJ
    level, answered = connection.DsGetNCChanges(handle, 8, changes)
    found = answered.first_object
    attributes = found.object.attribute_ctr.attributes
    versions = found.meta_data_ctr.meta_data
    return {
        "replicated": [[a.attid, m.version] for a, m in zip(attributes, versions)],
        "extensions": answer.info.supported_extensions,
        "metadata": [
            [each.attribute_name, each.version, each.originating_usn, each.originating_dsa_dn]
            for each in metadata.array
        ],
    }


def workstation(connection, level):
    information = connection.NetWkstaGetInfo(None, int(level))
    names = ("platform_id", "server_name", "domain_name", "version_major", "version_minor", "lan_root")
    return {name: str(getattr(information, name, "")) for name in names}


def workstation_failure(connection, what):
    def users():
        information = wkssvc.NetWkstaEnumUsersInfo()
        information.level = 0
        information.ctr = wkssvc.NetWkstaEnumUsersCtr0()
        connection.NetWkstaEnumUsers(None, information, 0xFFFFFFFF, 0)

    def transports():
        information = wkssvc.NetWkstaTransportInfo()
        information.level = 0
        information.ctr = wkssvc.NetWkstaTransportCtr0()
        connection.NetWkstaTransportEnum(None, information, 0xFFFFFFFF, 0)

    calls = {
        "users": users,
        "transports": transports,
        "joined": lambda: connection.NetrGetJoinInformation(None, None),
    }
    try:
        calls.get(what, lambda: connection.NetWkstaGetInfo(None, int(what)))()
    except WERRORError as error:
        return error.args[1].replace("WERR_", "ERROR_")
    except NTSTATUSError as error:
        # As its client calls the fault 0x1c010002.
        return "nca_s_op_rng_error" if error.args[0] == 0xC002002E else error.args[1]


def server(connection, _):
    time = connection.NetRemoteTOD(None)
    disks, _, _ = connection.NetDiskEnum(None, 0, srvsvc.NetDiskInfo(), 0xFFFFFFFF, 0)
    return {
        "time": {"year": time.year, "month": time.month, "timezone": time.timezone},
        "disks": [each.disk for each in disks.disks],
    }


def registry(connection, path):
    def text(name):
        value = winreg.String()
        value.name = name
        return value

    root = connection.OpenHKLM(None, 0x02000000)
    key = connection.OpenKey(root, text(path), 0, 0x02000000)
    _, subkeys, longest, _, values, _, _, _, _ = connection.QueryInfoKey(key, text(""))
    names = []
    for index in range(subkeys):
        buffer = winreg.StringBuf()
        buffer.size = 1024
        found = connection.EnumKey(key, index, buffer, winreg.StringBuf(), 0)
        names.append(found[0].name)
    data = {}
    for index in range(values):
        buffer = winreg.ValNameBuf()
        buffer.size = 1024
        name, _, octets, _, length = connection.EnumValue(key, index, buffer, 0, [0] * 256, 256, 0)
        data[name.name] = list(octets)[:length]
    return {"subkeys": subkeys, "longest": longest, "values": values, "names": names, "data": data}


configuration, binding, domain, user, password, what = sys.argv[1:7]
argument = sys.argv[7] if len(sys.argv) > 7 else None
parameters = LoadParm()
parameters.load(configuration)
credentials = Credentials()
credentials.guess(parameters)
credentials.set_domain(domain)
credentials.set_username(user)
credentials.set_password(password)
interfaces = {
    "drs": (drsuapi.drsuapi, drs),
    "server": (srvsvc.srvsvc, server),
    "workstation": (wkssvc.wkssvc, workstation),
    "workstation-failure": (wkssvc.wkssvc, workstation_failure),
    "registry": (winreg.winreg, registry),
}
interface, ask = interfaces[what]
print(json.dumps(ask(interface(binding, parameters, credentials), argument)))
