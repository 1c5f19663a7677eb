# Samba's reading and writing of security descriptors, and its access check: JSON in, JSON out.
import json
import sys

from samba import NTSTATUSError
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.security import access_check

domain = security.dom_sid("S-1-5-21-1-2-3")


def convert(sddl, octets):
    """The octets of SDDL, and the SDDL of octets."""
    packed = ndr_pack(security.descriptor.from_sddl(sddl, domain))
    unpacked = ndr_unpack(security.descriptor, bytes.fromhex(octets))
    return {"octets": packed.hex(), "sddl": unpacked.as_sddl(domain)}


def check(sddl, sids, desired):
    token = security.token()
    token.sids = [security.dom_sid(sid) for sid in sids]
    token.num_sids = len(sids)
    descriptor = security.descriptor.from_sddl(sddl, domain)
    try:
        return {"granted": access_check(descriptor, token, desired)}
    except NTSTATUSError:
        return {"granted": None}


calls = {f.__name__: f for f in (convert, check)}
answers = []
for request in json.load(sys.stdin):
    try:
        answers.append(calls[request.pop("op")](**request))
    except Exception as error:
        answers.append({"error": repr(error)})
json.dump(answers, sys.stdout)
