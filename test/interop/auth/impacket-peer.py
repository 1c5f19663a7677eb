# NTLM by impacket, as either side: a line of JSON asks, a line of JSON answers.
import json
import sys

from Cryptodome.Cipher import ARC4
from impacket import ntlm

state = {}


def keys(flags, key):
    for side in ("Client", "Server"):
        state[side] = {
            "sign": ntlm.SIGNKEY(flags, key, side),
            "seal": ntlm.SEALKEY(flags, key, side),
            "next": 0,
        }
        state[side]["handle"] = ARC4.new(state[side]["seal"]).encrypt
    state["flags"] = flags


def negotiate(v2):
    state["v2"] = v2
    state["type1"] = ntlm.getNTLMSSPType1("WS", "EXAMPLE", True, v2)
    return {"token": state["type1"].getData().hex()}


def authenticate(challenge, user, password):
    token, key = ntlm.getNTLMSSPType3(
        state["type1"], bytes.fromhex(challenge), user, password, "EXAMPLE", use_ntlmv2=state["v2"]
    )
    keys(token["flags"], key)
    return {"token": token.getData().hex(), "key": key.hex()}


def accept(challenge, token, password):
    """Checks a response as a server that knows the password."""
    challenge = ntlm.NTLMAuthChallenge(bytes.fromhex(challenge))
    octets = bytes.fromhex(token)
    message = ntlm.NTLMAuthChallengeResponse()
    message.fromString(octets)
    user = message["user_name"].decode("utf-16le")
    domain = message["domain_name"].decode("utf-16le")
    response = message["ntlm"]
    response_key = ntlm.NTOWFv2(user, password, domain)
    proof = ntlm.hmac_md5(response_key, challenge["challenge"] + response[16:])
    base = ntlm.hmac_md5(response_key, proof)
    key = ARC4.new(base).encrypt(message["session_key"])
    keys(message["flags"], key)
    pairs = ntlm.AV_PAIRS(response[16 + 28 :])
    return {
        "proven": proof == response[:16],
        "user": user,
        "domain": domain,
        "key": key.hex(),
        "target": pairs[ntlm.NTLMSSP_AV_TARGET_NAME][1].decode("utf-16le"),
    }


def seal(side, body, whole):
    own = state[side]
    sealed, signature = ntlm.SEAL(
        state["flags"],
        own["sign"],
        own["seal"],
        bytes.fromhex(whole),
        bytes.fromhex(body),
        own["next"],
        own["handle"],
    )
    own["next"] += 1
    return {"body": sealed.hex(), "token": signature.getData().hex()}


def unseal(side, body, head, tail):
    """The plain text of a body, and the signature that should go with it."""
    own = state[side]
    plain = own["handle"](bytes.fromhex(body))
    signature = ntlm.MAC(
        state["flags"],
        own["handle"],
        own["sign"],
        own["next"],
        bytes.fromhex(head) + plain + bytes.fromhex(tail),
    )
    own["next"] += 1
    return {"body": plain.hex(), "token": signature.getData().hex()}


calls = {f.__name__: f for f in (negotiate, authenticate, accept, seal, unseal)}
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = calls[request.pop("op")](**request)
    except Exception as error:
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
