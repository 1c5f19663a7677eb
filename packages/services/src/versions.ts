/** Which versions of an interface an inquiry is about ([MS-RPCE] 2.2.1.2.4). */
import {
  RPC_C_VERS_ALL,
  RPC_C_VERS_COMPATIBLE,
  RPC_C_VERS_EXACT,
  RPC_C_VERS_MAJOR_ONLY,
  RPC_C_VERS_UPTO,
} from "@msrpc/dce-rpc/epm";
import type { InterfaceVersion } from "@msrpc/rpc";

/**
 * `compatible`: the same major version and at least this minor one; `exact`: this one; `major`: any of the same major
 * version; `upTo`: this one and all below.
 */
export type VersionOption = "all" | "compatible" | "exact" | "major" | "upTo";

/** As they stand on the wire. */
export const versionOptions: Readonly<Record<VersionOption, number>> = {
  all: RPC_C_VERS_ALL,
  compatible: RPC_C_VERS_COMPATIBLE,
  exact: RPC_C_VERS_EXACT,
  major: RPC_C_VERS_MAJOR_ONLY,
  upTo: RPC_C_VERS_UPTO,
};

/** The option of a value on the wire; null where there is none. */
export function versionOptionOf(value: number): VersionOption | null {
  const options = Object.keys(versionOptions) as VersionOption[];
  return options.find((option) => versionOptions[option] === value) ?? null;
}

export function matchesVersion(
  { major, minor }: InterfaceVersion,
  option: VersionOption,
  asked: InterfaceVersion,
): boolean {
  switch (option) {
    case "all":
      return true;
    case "compatible":
      return major === asked.major && minor >= asked.minor;
    case "exact":
      return major === asked.major && minor === asked.minor;
    case "major":
      return major === asked.major;
    case "upTo":
      return major < asked.major || (major === asked.major && minor <= asked.minor);
  }
}
