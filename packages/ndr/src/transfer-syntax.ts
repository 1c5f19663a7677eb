/** Identifiers of the transfer syntaxes ([MS-RPCE] 2.2.4.12 and 2.2.5.1). */
import type { TransferSyntax } from "./options.ts";

export interface SyntaxId {
  readonly uuid: string;
  readonly version: { readonly major: number; readonly minor: number };
}

export const transferSyntaxes: Readonly<Record<TransferSyntax, SyntaxId>> = {
  ndr: { uuid: "8a885d04-1ceb-11c9-9fe8-08002b104860", version: { major: 2, minor: 0 } },
  ndr64: { uuid: "71710533-beba-4937-8319-b5dbef9ccc36", version: { major: 1, minor: 0 } },
};
