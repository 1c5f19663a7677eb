/** Bind time feature negotiation: bits in the guise of a transfer syntax ([MS-RPCE] 3.3.1.5.3). */
import type { SyntaxId } from "@msrpc/ndr";

/** Bits of BindTimeFeatureNegotiationBitmask ([MS-RPCE] 2.2.2.14). */
export const bindFeatures = { securityContextMultiplexing: 1, keepConnectionOnOrphan: 2 } as const;

const prefix = "6cb71c2c-9812-4540-";

/** The transfer syntax that announces these features. */
export function featureSyntax(features: number): SyntaxId {
  const first = features.toString(16).padStart(2, "0");
  return { uuid: `${prefix}${first}00-000000000000`, version: { major: 1, minor: 0 } };
}

/** The features that a transfer syntax announces; null where it is a real one. */
export function featuresOf({ uuid, version }: SyntaxId): number | null {
  if (!uuid.startsWith(prefix) || version.major !== 1 || version.minor !== 0) return null;
  return Number.parseInt(uuid.slice(prefix.length, prefix.length + 2), 16);
}
