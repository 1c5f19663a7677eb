# Makes accounts of a domain that is not running, with AES keys.
#
#   domain-accounts.py CONFIGURATION SAM.LDB < [{"user": ..., "password": ..., "services": [...]}]
import json
import sys

from samba import param
from samba.auth import system_session
from samba.samdb import SamDB

lp = param.LoadParm()
lp.load(sys.argv[1])
database = SamDB(url=sys.argv[2], session_info=system_session(), lp=lp)
for account in json.load(sys.stdin):
    database.newuser(account["user"], account["password"])
    services = "".join("servicePrincipalName: %s\n" % name for name in account["services"])
    change = "add: servicePrincipalName\n%s-\n" % services if services else ""
    database.modify_ldif(
        "dn: CN=%s,CN=Users,%s\nchangetype: modify\n%s"
        "replace: msDS-SupportedEncryptionTypes\nmsDS-SupportedEncryptionTypes: 24\n"
        % (account["user"], database.domain_dn(), change)
    )
