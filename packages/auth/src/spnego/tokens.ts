/** NegTokenInit, NegTokenResp (RFC 4178, 4.2) and NegTokenInit2 ([MS-SPNG] 2.2.1). */
import { copyOf } from "../bytes.ts";
import { DerReader, badToken, contextTag, der, derOid, oidText, tags } from "./der.ts";

/** SPNEGO's object identifier. */
const spnegoOid = "1.3.6.1.5.5.2";

/** What a server that speaks first gives for a name. */
const hintName = "not_defined_in_RFC4178@please_ignore";

export interface NegTokenInit {
  readonly type: "init";
  /** Object identifiers, the preferred one first. */
  readonly mechTypes: readonly string[];
  /** The list as it stands on the wire, which a mechListMIC signs. */
  readonly mechTypeList: Uint8Array;
  readonly mechToken: Uint8Array | null;
  readonly mechListMic: Uint8Array | null;
  /** NegHints are there, which makes it a NegTokenInit2. */
  readonly hasHints: boolean;
}

export const negStates = {
  acceptCompleted: 0,
  acceptIncomplete: 1,
  reject: 2,
  requestMic: 3,
} as const;

type NegState = (typeof negStates)[keyof typeof negStates];

export interface NegTokenResp {
  readonly type: "resp";
  readonly negState: NegState | null;
  readonly supportedMech: string | null;
  readonly responseToken: Uint8Array | null;
  readonly mechListMic: Uint8Array | null;
}

/** More than any client has; each is compared with each of ours. */
const mostMechTypes = 64;

/** @throws SecurityError bad_token */
export function readToken(octets: Uint8Array): NegTokenInit | NegTokenResp {
  const outer = new DerReader(octets);
  if (outer.tag === contextTag(1)) {
    const resp = readResp(outer.enter(contextTag(1), "NegTokenResp"));
    outer.end("NegTokenResp");
    return resp;
  }
  const framed = outer.enter(tags.application0, "the initial token");
  outer.end("the initial token");
  if (oidText(framed.take(tags.oid, "the mechanism")) !== spnegoOid)
    throw badToken("is not SPNEGO's");
  const init = readInit(framed.enter(contextTag(0), "NegTokenInit"));
  framed.end("NegTokenInit");
  return init;
}

function readInit(choice: DerReader): NegTokenInit {
  const r = choice.enter(tags.sequence, "NegTokenInit");
  choice.end("NegTokenInit");
  const types = r.enter(contextTag(0), "mechTypes");
  const mechTypeList = types.whole(tags.sequence, "mechTypes");
  types.end("mechTypes");
  const list = new DerReader(mechTypeList).enter(tags.sequence, "mechTypes");
  const mechTypes: string[] = [];
  while (list.tag !== null) {
    if (mechTypes.length === mostMechTypes)
      throw badToken(`has more than ${mostMechTypes} mechTypes`);
    mechTypes.push(oidText(list.take(tags.oid, "a mechType")));
  }
  if (mechTypes.length === 0) throw badToken("has no mechTypes");
  // What the client wants to be able to do is not protected, so it does not count ([MS-SPNG] 3.1.5.3).
  optional(r, 1, tags.bitString, "reqFlags");
  const mechToken = optional(r, 2, tags.octetString, "mechToken");
  let mechListMic: Uint8Array | null = null;
  let hasHints = false;
  if (r.tag === contextTag(3)) {
    const third = r.enter(contextTag(3), "negHints or mechListMIC");
    hasHints = third.tag === tags.sequence;
    if (hasHints) third.take(tags.sequence, "negHints");
    else mechListMic = copyOf(third.take(tags.octetString, "mechListMIC"));
    third.end("negHints or mechListMIC");
  }
  mechListMic ??= optional(r, 4, tags.octetString, "mechListMIC");
  r.end("NegTokenInit");
  return { type: "init", mechTypes, mechTypeList, mechToken, mechListMic, hasHints };
}

function readResp(choice: DerReader): NegTokenResp {
  const r = choice.enter(tags.sequence, "NegTokenResp");
  choice.end("NegTokenResp");
  const state = optional(r, 0, tags.enumerated, "negState");
  const mech = optional(r, 1, tags.oid, "supportedMech");
  const responseToken = optional(r, 2, tags.octetString, "responseToken");
  const mechListMic = optional(r, 3, tags.octetString, "mechListMIC");
  r.end("NegTokenResp");
  return {
    type: "resp",
    negState: state === null ? null : stateOf(state),
    supportedMech: mech === null ? null : oidText(mech),
    responseToken,
    mechListMic,
  };
}

function optional(r: DerReader, field: number, tag: number, name: string): Uint8Array | null {
  if (r.tag !== contextTag(field)) return null;
  const inner = r.enter(contextTag(field), name);
  const contents = copyOf(inner.take(tag, name));
  inner.end(name);
  return contents;
}

function stateOf(contents: Uint8Array): NegState {
  const found = Object.values(negStates).find((state) => state === contents[0]);
  if (contents.length !== 1 || found === undefined) throw badToken("has an unknown negState");
  return found;
}

/** The list that a mechListMIC signs. */
export function writeMechTypes(mechTypes: readonly string[]): Uint8Array {
  return der(tags.sequence, ...mechTypes.map(derOid));
}

/** With hints it is a NegTokenInit2, which only servers send. */
export function writeInit(
  mechTypeList: Uint8Array,
  mechToken: Uint8Array | null,
  hasHints: boolean,
): Uint8Array {
  const hint = der(tags.generalString, Buffer.from(hintName, "latin1"));
  const init = der(
    tags.sequence,
    der(contextTag(0), mechTypeList),
    ...field(2, mechToken),
    ...(hasHints ? [der(contextTag(3), der(tags.sequence, der(contextTag(0), hint)))] : []),
  );
  return der(tags.application0, derOid(spnegoOid), der(contextTag(0), init));
}

export function writeResp(resp: Partial<Omit<NegTokenResp, "type">>): Uint8Array {
  const { negState = null, supportedMech = null, responseToken = null, mechListMic = null } = resp;
  const state = negState === null ? [] : [der(tags.enumerated, Uint8Array.of(negState))];
  const mech = supportedMech === null ? [] : [derOid(supportedMech)];
  return der(
    contextTag(1),
    der(
      tags.sequence,
      ...state.map((element) => der(contextTag(0), element)),
      ...mech.map((element) => der(contextTag(1), element)),
      ...field(2, responseToken),
      ...field(3, mechListMic),
    ),
  );
}

function field(number: number, octets: Uint8Array | null): readonly Uint8Array[] {
  return octets === null ? [] : [der(contextTag(number), der(tags.octetString, octets))];
}
