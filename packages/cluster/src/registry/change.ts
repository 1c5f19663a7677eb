/** Changes of the registry as data: what a store keeps, and what is undone when a command fails. */
import type { RegistryValue } from "@msrpc/cluster-data";

export type RegistryChange =
  | { readonly type: "createKey"; readonly path: string }
  | { readonly type: "deleteKey"; readonly path: string }
  | {
      readonly type: "setValue";
      readonly path: string;
      readonly name: string;
      readonly value: RegistryValue;
    }
  | { readonly type: "deleteValue"; readonly path: string; readonly name: string }
  | {
      readonly type: "setSecurity";
      readonly path: string;
      readonly security: Uint8Array | null;
    };
