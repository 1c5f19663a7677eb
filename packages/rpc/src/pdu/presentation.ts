/** Presentation contexts as bind and alter_context propose them and their answers decide ([C706] 12.6.3.1). */
import type { SyntaxId } from "@msrpc/ndr";
import type { OctetReader, OctetWriter } from "./octets.ts";

/** One proposal: an interface and the transfer syntaxes it may be called in. */
export interface ContextProposal {
  readonly contextId: number;
  readonly abstractSyntax: SyntaxId;
  readonly transferSyntaxes: readonly SyntaxId[];
}

/** Values of a result ([MS-RPCE] 2.2.2.4). */
export const contextResults = {
  acceptance: 0,
  userRejection: 1,
  providerRejection: 2,
  negotiateAck: 3,
} as const;

/** Why a provider rejects ([C706] 12.6.3.1, p_provider_reason_t). */
export const rejectionReasons = {
  notSpecified: 0,
  abstractSyntaxNotSupported: 1,
  transferSyntaxesNotSupported: 2,
  localLimitExceeded: 3,
} as const;

/** What became of a proposal, in the place that the proposal had. */
export interface ContextResult {
  readonly result: number;
  /** Of a negotiate_ack the features that both sides have. */
  readonly reason: number;
  readonly transferSyntax: SyntaxId;
}

function readSyntax(r: OctetReader): SyntaxId {
  const uuid = r.uuid();
  const version = r.u32();
  return { uuid, version: { major: version & 0xffff, minor: version >>> 16 } };
}

function writeSyntax(w: OctetWriter, { uuid, version }: SyntaxId): void {
  w.uuid(uuid);
  w.u32(((version.minor << 16) | version.major) >>> 0);
}

export function readProposals(r: OctetReader): ContextProposal[] {
  const count = r.u8();
  r.skip(3);
  const proposals: ContextProposal[] = [];
  for (let i = 0; i < count; i++) {
    const contextId = r.u16();
    const syntaxes = r.u8();
    r.skip(1);
    const abstractSyntax = readSyntax(r);
    const transferSyntaxes: SyntaxId[] = [];
    for (let j = 0; j < syntaxes; j++) transferSyntaxes.push(readSyntax(r));
    proposals.push({ contextId, abstractSyntax, transferSyntaxes });
  }
  return proposals;
}

export function writeProposals(w: OctetWriter, proposals: readonly ContextProposal[]): void {
  w.u8(proposals.length);
  w.zeros(3);
  for (const { contextId, abstractSyntax, transferSyntaxes } of proposals) {
    w.u16(contextId);
    w.u8(transferSyntaxes.length);
    w.zeros(1);
    writeSyntax(w, abstractSyntax);
    for (const syntax of transferSyntaxes) writeSyntax(w, syntax);
  }
}

export function readResults(r: OctetReader): ContextResult[] {
  const count = r.u8();
  r.skip(3);
  const results: ContextResult[] = [];
  for (let i = 0; i < count; i++) {
    const result = r.u16();
    const reason = r.u16();
    results.push({ result, reason, transferSyntax: readSyntax(r) });
  }
  return results;
}

export function writeResults(w: OctetWriter, results: readonly ContextResult[]): void {
  w.u8(results.length);
  w.zeros(3);
  for (const { result, reason, transferSyntax } of results) {
    w.u16(result);
    w.u16(reason);
    writeSyntax(w, transferSyntax);
  }
}

export function sameSyntax(a: SyntaxId, b: SyntaxId): boolean {
  const { major, minor } = a.version;
  return a.uuid === b.uuid && major === b.version.major && minor === b.version.minor;
}
