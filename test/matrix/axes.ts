/** What a call may be sent in: byte order, transfer syntax, protection, size of fragments. */
import {
  type ClientMechanism,
  ntlmClient,
  ntlmServer,
  type ServerMechanism,
  spnegoClient,
} from "@msrpc/auth";
import type { ByteOrder, TransferSyntax } from "@msrpc/ndr";
import type { AuthLevel } from "@msrpc/rpc";
import type { TcpOptions } from "@msrpc/rpc/tcp";
import { alice, storeOf } from "../support/accounts.ts";

/** A mechanism that both sides have; by itself, and within SPNEGO. */
export interface MatrixMechanism {
  readonly name: string;
  readonly client: ClientMechanism;
  readonly server: ServerMechanism;
}

/** How the calls of a connection travel. */
export interface Combination {
  readonly name: string;
  readonly options: TcpOptions;
  /** Octets of the longest fragment that the client sends and takes. */
  readonly fragment: number;
}

const byteOrders: readonly ByteOrder[] = ["little", "big"];
const syntaxes: readonly TransferSyntax[] = ["ndr", "ndr64"];
const levels: readonly AuthLevel[] = ["connect", "packet", "integrity", "privacy"];
/** What everybody has to take ([C706] 12.6.3.1), what Windows offers, the most there can be. */
export const fragments: readonly number[] = [1432, 5840, 65_528];

export const ntlm: MatrixMechanism = {
  name: "ntlm",
  client: ntlmClient(alice),
  server: ntlmServer({ accounts: storeOf([alice]) }),
};

/** No protection, then each mechanism at each level by itself and within SPNEGO. */
function protections(mechanisms: readonly MatrixMechanism[]): [string, TcpOptions][] {
  const providers = mechanisms.flatMap(({ name, client }) => [
    [name, client] as const,
    [`spnego with ${name}`, spnegoClient([client])] as const,
  ]);
  const protectedOnes = levels.flatMap((level) =>
    providers.map(([name, security]): [string, TcpOptions] => [
      `${name} ${level}`,
      { security, level },
    ]),
  );
  return [["unprotected", {}], ...protectedOnes];
}

/** Everything with everything. */
export function combinations(
  mechanisms: readonly MatrixMechanism[],
  sizes: readonly number[] = fragments,
): Combination[] {
  return protections(mechanisms).flatMap(([protection, security]) =>
    syntaxes.flatMap((syntax) =>
      byteOrders.flatMap((byteOrder) =>
        sizes.map((fragment) => ({
          name: `${protection}, ${syntax} ${byteOrder}-endian, ${fragment} octets a fragment`,
          options: {
            ...security,
            syntaxes: [syntax],
            byteOrder,
            limits: { maxFragment: fragment },
          },
          fragment,
        })),
      ),
    ),
  );
}
