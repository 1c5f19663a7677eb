/** A server's answer to proposed presentation contexts ([MS-RPCE] 3.3.1.5.6). */
import { nilUuid, type SyntaxId, type TransferSyntax, transferSyntaxes } from "@msrpc/ndr";
import {
  bindFeatures,
  type ContextProposal,
  type ContextResult,
  contextResults,
  featuresOf,
  rejectionReasons,
  sameSyntax,
} from "../pdu/index.ts";

/** A presentation context that has been agreed on. */
export interface AgreedContext {
  readonly contextId: number;
  readonly abstractSyntax: SyntaxId;
  readonly syntax: TransferSyntax;
}

export interface Negotiation {
  /** In the order of the proposals. */
  readonly results: readonly ContextResult[];
  readonly accepted: readonly AgreedContext[];
  /** A context was rejected because there are too many. */
  readonly overLimit: boolean;
}

export interface NegotiationTerms {
  /** Preferred first. */
  readonly syntaxes: readonly TransferSyntax[];
  readonly offers: (target: SyntaxId) => boolean;
  /** What is agreed on already under an id. */
  readonly existing: (contextId: number) => AgreedContext | undefined;
  /** How many more contexts there may be. */
  readonly room: number;
}

const noSyntax: SyntaxId = { uuid: nilUuid, version: { major: 0, minor: 0 } };
const supportedFeatures =
  bindFeatures.securityContextMultiplexing | bindFeatures.keepConnectionOnOrphan;

/** Null where the proposals break the protocol. At most one transfer syntax is accepted for an interface. */
export function negotiate(
  proposals: readonly ContextProposal[],
  terms: NegotiationTerms,
): Negotiation | null {
  if (proposals.length === 0) return null;
  const results: ContextResult[] = [];
  const accepted = new Map<ContextProposal, TransferSyntax>();
  let hasFeatures = false;
  for (const [proposal, syntax] of choose(proposals, terms)) {
    const agreed = terms.existing(proposal.contextId);
    if (agreed !== undefined && agreed.syntax !== syntax) return null;
    accepted.set(proposal, syntax);
  }
  let room = terms.room;
  for (const proposal of proposals) {
    const [first] = proposal.transferSyntaxes;
    if (first === undefined) return null;
    const announced = featuresOf(first);
    if (announced !== null) {
      if (hasFeatures) return null;
      hasFeatures = true;
      const { negotiateAck } = contextResults;
      const reason = announced & supportedFeatures;
      results.push({ result: negotiateAck, reason, transferSyntax: noSyntax });
      continue;
    }
    const agreed = terms.existing(proposal.contextId);
    if (agreed !== undefined && !sameSyntax(agreed.abstractSyntax, proposal.abstractSyntax)) {
      return null;
    }
    const syntax = accepted.get(proposal);
    if (syntax === undefined) {
      const { abstractSyntaxNotSupported, transferSyntaxesNotSupported } = rejectionReasons;
      const offered = terms.offers(proposal.abstractSyntax);
      results.push(reject(offered ? transferSyntaxesNotSupported : abstractSyntaxNotSupported));
    } else if (agreed === undefined && --room < 0) {
      accepted.delete(proposal);
      results.push(reject(rejectionReasons.localLimitExceeded));
    } else {
      const transferSyntax = transferSyntaxes[syntax];
      results.push({ result: contextResults.acceptance, reason: 0, transferSyntax });
    }
  }
  const contexts = [...accepted].map(([{ contextId, abstractSyntax }, syntax]) => {
    return { contextId, abstractSyntax, syntax };
  });
  return { results, accepted: contexts, overLimit: room < 0 };
}

function reject(reason: number): ContextResult {
  return { result: contextResults.providerRejection, reason, transferSyntax: noSyntax };
}

/** For each interface the proposal with the syntax that is liked best. */
function choose(
  proposals: readonly ContextProposal[],
  { syntaxes, offers }: NegotiationTerms,
): Map<ContextProposal, TransferSyntax> {
  const best = new Map<string, { proposal: ContextProposal; rank: number }>();
  for (const proposal of proposals) {
    const { abstractSyntax, transferSyntaxes: proposed } = proposal;
    if (!offers(abstractSyntax)) continue;
    const rank = syntaxes.findIndex((name) =>
      proposed.some((syntax) => sameSyntax(syntax, transferSyntaxes[name])),
    );
    const { uuid, version } = abstractSyntax;
    const key = `${uuid} ${version.major}.${version.minor}`;
    const known = best.get(key);
    if (rank !== -1 && (known === undefined || rank < known.rank)) {
      best.set(key, { proposal, rank });
    }
  }
  const chosen = new Map<ContextProposal, TransferSyntax>();
  for (const { proposal, rank } of best.values()) {
    const syntax = syntaxes[rank];
    if (syntax !== undefined) chosen.set(proposal, syntax);
  }
  return chosen;
}
