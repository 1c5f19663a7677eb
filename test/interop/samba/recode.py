"""Decodes stubs with Samba's codec of an interface, gives what it read, and encodes that again.

Reads a JSON list of jobs from standard input and writes their answers in the same order, one a line and each at once:
a codec that crashes has answered all jobs but the last it saw.

A job: {"opnum", "request": hex or null, "response": hex or null, "bigEndian", "ndr64", "skip": [name]}. A response is
decoded in the light of the request; where there is none the request is the subject. Parameters to skip are left out of
the values. An answer: {"bytes": hex, "values": {name: value}}, or {"error": text}.
"""

import importlib
import json
import sys

import samba.dcerpc.misc  # noqa: F401  its types must be known before a module that uses them
import samba.dcerpc.winreg  # noqa: F401


def operations(module):
    found = {}
    for name in dir(module):
        kind = getattr(module, name)
        if isinstance(kind, type) and callable(getattr(kind, "opnum", None)):
            found[kind.opnum()] = kind
    return found


def plain(value):
    """A value as JSON: objects by their attributes, statuses by their number."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, bytes):
        return [{"int": str(octet)} for octet in value]
    if isinstance(value, (list, tuple)):
        # WERROR and NTSTATUS come as (number, text)
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], str):
            return plain(value[0])
        return [plain(item) for item in value]
    if type(value).__name__ == "GUID":
        return str(value)
    members = (name for name in dir(value) if not name.startswith("_"))
    return {
        name: plain(member)
        for name, member in ((name, getattr(value, name)) for name in members)
        if not callable(member)
    }


def recode(kinds, job):
    if job["opnum"] not in kinds:
        return {"error": "no such operation"}
    syntax = {"bigendian": job["bigEndian"], "ndr64": job["ndr64"]}
    call = kinds[job["opnum"]]()
    if job["request"] is not None:
        call.__ndr_unpack_in__(bytes.fromhex(job["request"]), **syntax)
    if job["response"] is None:
        packed, prefix = call.__ndr_pack_in__(**syntax), ("in_",)
    else:
        call.__ndr_unpack_out__(bytes.fromhex(job["response"]), **syntax)
        packed, prefix = call.__ndr_pack_out__(**syntax), ("out_", "result")
    values = {}
    for member in dir(call):
        name = member.split("_", 1)[-1]
        if member.startswith(prefix) and name not in job["skip"]:
            values[name] = plain(getattr(call, member))
    return {"bytes": packed.hex(), "values": values}


def answer(kinds, job):
    try:
        return recode(kinds, job)
    except Exception as error:  # whatever Samba refuses is the answer
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    kinds = operations(importlib.import_module(sys.argv[1]))
    if len(sys.argv) > 2 and sys.argv[2] == "--list":
        json.dump(sorted(kinds), sys.stdout)
        return
    for job in json.load(sys.stdin):
        print(json.dumps(answer(kinds, job)), flush=True)


main()
