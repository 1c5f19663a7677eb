#!/usr/bin/python3
"""Samba's own client asks an endpoint mapper.  samba-client.py BINDING USER DOMAIN PASSWORD

Prints JSON: the annotations of all entries, and the interfaces that the server says it has. An empty USER is nobody."""
import json
import sys

from samba.credentials import Credentials
from samba.dcerpc import epmapper, mgmt, misc
from samba.param import LoadParm

NO_MORE = 0x16C9A0D6
NO_HANDLE = "00000000-0000-0000-0000-000000000000"
binding, user, domain, password = sys.argv[1:]
lp = LoadParm()
lp.set("log level", "0")
creds = Credentials()
creds.guess(lp)
creds.set_kerberos_state(0)
if user == "":
    creds.set_anonymous()
else:
    creds.set_username(user)
    creds.set_domain(domain)
    creds.set_password(password)

mapper = epmapper.epmapper(binding, lp, creds)
handle = misc.policy_handle()
annotations = []
while True:
    handle, entries, status = mapper.epm_Lookup(0, None, None, 0, handle, 7)
    if status not in (0, NO_MORE):
        sys.exit("status 0x%08x" % status)
    annotations += [entry.annotation for entry in entries]
    if status == NO_MORE or str(handle.uuid) == NO_HANDLE:
        break

ids = mgmt.mgmt(binding, lp, creds).inq_if_ids()
interfaces = [str(each.id.uuid) for each in ids.if_id]
print(json.dumps({"annotations": annotations, "interfaces": interfaces}))
