/** A presentation context on a server's connection. */
import { type SyntaxId, transferSyntaxes } from "@msrpc/ndr";
import type { ServerAssociation, ServerBinding } from "../server-association.ts";
import type { AgreedContext } from "./negotiate.ts";

export class ServerContext {
  readonly agreed: AgreedContext;
  readonly #association: ServerAssociation;
  #little: ServerBinding | null = null;
  #big: ServerBinding | null = null;

  constructor(agreed: AgreedContext, association: ServerAssociation) {
    this.agreed = agreed;
    this.#association = association;
  }

  get transferSyntax(): SyntaxId {
    return transferSyntaxes[this.agreed.syntax];
  }

  /** Each request says its byte order. Null where the interface is no longer served. */
  binding(littleEndian: boolean): ServerBinding | null {
    if (littleEndian) return (this.#little ??= this.#bind("little"));
    return (this.#big ??= this.#bind("big"));
  }

  #bind(byteOrder: "little" | "big"): ServerBinding | null {
    const { abstractSyntax, syntax } = this.agreed;
    return this.#association.bind(abstractSyntax, { syntax, byteOrder });
  }
}
