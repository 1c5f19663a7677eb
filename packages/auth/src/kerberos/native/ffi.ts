/** What we use of koffi, the optional dependency that calls libraries written in C. */
import { SecurityError } from "@msrpc/rpc";

/** Pointers are addresses; null is NULL. */
export type Argument = bigint | number | null;

export interface ForeignFunction {
  (...args: readonly Argument[]): number;
  /** On a thread of its own; `callback` comes last. */
  async(...args: readonly (Argument | ForeignCallback)[]): void;
}

type ForeignCallback = (error: Error | null, result: number) => void;

interface ForeignLibrary {
  func(prototype: string): ForeignFunction;
}

export interface Ffi {
  load(path: string): ForeignLibrary;
  /** Where these octets are. They stay there. */
  address(octets: Uint8Array | ArrayBuffer): bigint;
  /** A copy of so many octets of native memory. */
  decode(pointer: bigint, type: "uint8_t", length: number): unknown;
  sizeof(type: "void *"): number;
}

/** Finds koffi, or throws. */
export type FfiImport = () => Promise<{ readonly default: Ffi }>;

const importKoffi: FfiImport = () => import("koffi");

/**
 * koffi itself.
 *
 * @throws SecurityError unavailable: not installed, or not for this platform
 */
export async function loadFfi(find: FfiImport = importKoffi): Promise<Ffi> {
  try {
    return (await find()).default;
  } catch (cause) {
    const { platform, arch } = process;
    throw new SecurityError(
      "unavailable",
      "Kerberos needs the npm package koffi, which is not installed or has no build for " +
        `${platform}-${arch}: npm install koffi`,
      { cause },
    );
  }
}
