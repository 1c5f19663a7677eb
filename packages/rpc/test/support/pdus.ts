/** Arbitrary PDUs. */
import type { SyntaxId } from "@msrpc/ndr";
import type { ContextProposal, ContextResult, Pdu, Verifier } from "@msrpc/rpc/pdu";
import fc, { type Arbitrary } from "fast-check";

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const syntax: Arbitrary<SyntaxId> = fc.record({
  uuid: fc.uuid(),
  version: fc.record({ major: u16, minor: u16 }),
});

const proposals: Arbitrary<ContextProposal[]> = fc.array(
  fc.record({
    contextId: u16,
    abstractSyntax: syntax,
    transferSyntaxes: fc.array(syntax, { maxLength: 4 }),
  }),
  { maxLength: 5 },
);

const results: Arbitrary<ContextResult[]> = fc.array(
  fc.record({ result: u16, reason: u16, transferSyntax: syntax }),
  { maxLength: 5 },
);

const token = fc.uint8Array({ minLength: 1, maxLength: 60 });
const verifier: Arbitrary<Verifier> = fc.record({
  type: u8,
  level: u8,
  padLength: fc.constant(0),
  contextId: u32,
  token,
});
const maybeVerifier = fc.option(verifier);

const common = { flags: u8, callId: u32, littleEndian: fc.boolean() };
const binding = { ...common, maxTransmit: u16, maxReceive: u16, groupId: u32 };
/** A verifier stands at a multiple of 4. */
const whole = fc.uint8Array({ maxLength: 80 }).map((body) => body.slice(0, body.length & ~3));
const call = { ...common, allocHint: u32, contextId: u16, body: whole, verifier: maybeVerifier };

const address = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((c) => String.fromCharCode(c)),
});

/** One that `encodePdu` takes and `decodePdu` gives back as it was. */
export const anyPdu: Arbitrary<Pdu> = fc.oneof(
  fc.record({
    type: fc.constantFrom("bind" as const, "alter_context" as const),
    ...binding,
    proposals,
    verifier: maybeVerifier,
  }),
  fc.record({
    type: fc.constantFrom("bind_ack" as const, "alter_context_resp" as const),
    ...binding,
    secondaryAddress: address,
    results,
    verifier: maybeVerifier,
  }),
  fc.record(
    {
      type: fc.constant("bind_nak" as const),
      ...common,
      reason: u16,
      versions: fc.array(fc.record({ major: u8, minor: u8 }), { maxLength: 3 }),
      extendedError: fc.uint8Array({ maxLength: 40 }),
    },
    {
      requiredKeys: [
        "type",
        ...(Object.keys(common) as (keyof typeof common)[]),
        "reason",
        "versions",
      ],
    },
  ),
  fc.record({ type: fc.constant("auth3" as const), ...common, verifier }),
  fc
    .record({
      type: fc.constant("request" as const),
      ...call,
      opnum: u16,
      object: fc.option(fc.uuid()),
    })
    .map((pdu) => ({
      ...pdu,
      flags: pdu.object === null ? pdu.flags & 0x7f : pdu.flags | 0x80,
    })),
  fc.record({ type: fc.constant("response" as const), ...call, cancelCount: u8 }),
  fc.record({
    type: fc.constant("fault" as const),
    ...call,
    cancelCount: u8,
    extended: fc.boolean(),
    status: u32,
  }),
  fc.record({
    type: fc.constantFrom("cancel" as const, "orphaned" as const),
    ...common,
    verifier: maybeVerifier,
  }),
  fc.record({ type: fc.constant("shutdown" as const), ...common }),
);
