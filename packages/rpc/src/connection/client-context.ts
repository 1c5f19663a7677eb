/** What a client's calls go by on a connection, and how it is asked for. */
import { type SyntaxId, type TransferSyntax, transferSyntaxes } from "@msrpc/ndr";
import {
  bindFeatures,
  type ContextProposal,
  type ContextResult,
  contextResults,
  featureSyntax,
  rejectionReasons,
  sameSyntax,
} from "../pdu/index.ts";
import { RpcFault } from "../rpc-fault.ts";
import { faults } from "../status-names.ts";
import type { InterfaceId } from "../transport.ts";
import { TransportError } from "../transport-error.ts";
import type { SecuritySession } from "./security-session.ts";

/** A presentation context: an interface in a transfer syntax. */
export interface Presentation {
  readonly contextId: number;
  readonly abstractSyntax: SyntaxId;
  readonly syntax: TransferSyntax;
}

/** What calls to an interface go by: presentation and security context. */
export interface ClientContext extends Presentation {
  /** Null without authentication. */
  readonly session: SecuritySession | null;
}

/** The same for the same interface. */
export function interfaceKey({ uuid, version }: InterfaceId): string {
  return `${uuid} ${version.major}.${version.minor}`;
}

/** What is agreed on already, to go with a further security context. */
export function proposalOf({ contextId, abstractSyntax, syntax }: Presentation): ContextProposal {
  return { contextId, abstractSyntax, transferSyntaxes: [transferSyntaxes[syntax]] };
}

const ownFeatures = bindFeatures.keepConnectionOnOrphan | bindFeatures.securityContextMultiplexing;

/**
 * One proposal for each syntax, and with the first of a connection one for the features that we have.
 */
export function proposalsFor(
  target: InterfaceId,
  syntaxes: readonly TransferSyntax[],
  firstId: number,
  withFeatures: boolean,
): ContextProposal[] {
  const offered = syntaxes.map((name) => transferSyntaxes[name]);
  if (withFeatures) offered.push(featureSyntax(ownFeatures));
  return offered.map((syntax, i) => {
    return { contextId: firstId + i, abstractSyntax: target, transferSyntaxes: [syntax] };
  });
}

/**
 * What the server has accepted; of several the one that is liked best.
 *
 * @throws RpcFault nca_s_unk_if where the interface isn't offered; TransportError no_transfer_syntax
 */
export function contextOf(
  proposals: readonly ContextProposal[],
  results: readonly ContextResult[],
  syntaxes: readonly TransferSyntax[],
): Presentation {
  for (const [i, syntax] of syntaxes.entries()) {
    const proposal = proposals[i];
    const result = results[i];
    if (proposal === undefined || result?.result !== contextResults.acceptance) continue;
    if (!sameSyntax(result.transferSyntax, transferSyntaxes[syntax])) continue;
    const { contextId, abstractSyntax } = proposal;
    return { contextId, abstractSyntax, syntax };
  }
  const { reason } = results[0] ?? { reason: rejectionReasons.notSpecified };
  if (reason === rejectionReasons.abstractSyntaxNotSupported) {
    throw new RpcFault(faults.unknownInterface);
  }
  const offered = syntaxes.join(", ");
  throw new TransportError("no_transfer_syntax", `the server takes none of ${offered}`);
}
