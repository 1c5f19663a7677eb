# Samba's security mechanisms as a client: a line of JSON asks, a line of JSON answers.
#
#   gensec.py CONFIGURATION
import json
import sys

from samba import credentials, gensec, param

lp = param.LoadParm()
lp.load(sys.argv[1])
context = None


def begin(mechanism, level, user, password):
    global context
    creds = credentials.Credentials()
    creds.guess(lp)
    if user is None:
        creds.set_anonymous()
    else:
        creds.set_username(user)
        creds.set_domain("EXAMPLE")
        creds.set_password(password)
    creds.set_kerberos_state(credentials.DONT_USE_KERBEROS)
    context = gensec.Security.start_client(
        {"lp_ctx": lp, "target_hostname": "server.example.com"}
    )
    context.set_credentials(creds)
    if level != "connect":
        context.want_feature(gensec.FEATURE_SIGN)
    if level == "privacy":
        context.want_feature(gensec.FEATURE_SEAL)
    context.start_mech_by_name(mechanism)
    return {}


def step(token):
    done, answer = context.update(bytes.fromhex(token))
    return {"complete": done, "token": answer.hex()}


def key():
    return {"key": context.session_key().hex()}


def wrap(data):
    return {"data": context.wrap(bytes.fromhex(data)).hex()}


def unwrap(data):
    return {"data": context.unwrap(bytes.fromhex(data)).hex()}


def sign(body, whole):
    return {"token": context.sign_packet(bytes.fromhex(body), bytes.fromhex(whole)).hex()}


def check(body, whole, token):
    context.check_packet(*map(bytes.fromhex, (body, whole, token)))
    return {}


calls = {f.__name__: f for f in (begin, step, key, wrap, unwrap, sign, check)}
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = calls[request.pop("op")](**request)
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
