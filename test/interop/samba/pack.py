"""Packs values with python3-samba.

Reads a JSON list of jobs from standard input and writes a JSON list of answers. A job: {"code", "what", "bigEndian",
"ndr64"}; the code leaves the value in `r`, and `what` is "struct", or "in" or "out" of a call. An answer is hex.
"""

import json
import struct
import sys

from samba.dcerpc import drsblobs, epmapper, lsa, mgmt, misc, samr, security, srvsvc
from samba.ndr import ndr_pack, ndr_pack_in, ndr_pack_out


def make(kind, **members):
    """An object with these members."""
    made = kind()
    for name, value in members.items():
        setattr(made, name, value)
    return made


def handle(uuid):
    return make(misc.policy_handle, handle_type=0, uuid=misc.GUID(uuid))


def syntax(uuid, major):
    return make(misc.ndr_syntax_id, uuid=misc.GUID(uuid), if_version=major)


def tower(interface, major, port, address):
    """The tower of an interface over NDR and TCP."""

    def floor(protocol, rhs, lhs_data=b""):
        lhs = make(epmapper.epm_lhs, protocol=protocol, lhs_data=lhs_data)
        return make(epmapper.epm_floor, lhs=lhs, rhs=rhs)

    def uuid_floor(uuid, version):
        data = ndr_pack(misc.GUID(uuid)) + struct.pack("<H", version)
        minor = make(epmapper.epm_rhs_uuid, unknown=struct.pack("<H", 0))
        return floor(epmapper.EPM_PROTOCOL_UUID, minor, data)

    floors = [
        uuid_floor(interface, major),
        uuid_floor("8a885d04-1ceb-11c9-9fe8-08002b104860", 2),
        floor(epmapper.EPM_PROTOCOL_NCACN, make(epmapper.epm_rhs_ncacn, minor_version=0)),
        floor(epmapper.EPM_PROTOCOL_TCP, make(epmapper.epm_rhs_tcp, port=port)),
        floor(epmapper.EPM_PROTOCOL_IP, make(epmapper.epm_rhs_ip, ipaddr=address)),
    ]
    made = make(epmapper.epm_tower, num_floors=len(floors), floors=floors)
    return make(epmapper.epm_twr_t, tower=made)


def text(kind, string):
    return make(kind, string=string)


def sid(string):
    return security.dom_sid(string)


def pack(job):
    scope = dict(globals())
    exec(job["code"], scope)
    if job["what"] == "struct":
        return ndr_pack(scope["r"]).hex()
    call = ndr_pack_in if job["what"] == "in" else ndr_pack_out
    return call(scope["r"], bigendian=job["bigEndian"], ndr64=job["ndr64"]).hex()


json.dump([pack(job) for job in json.load(sys.stdin)], sys.stdout)
