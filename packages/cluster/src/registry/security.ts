/** Who may do what with a key: REGSAM ([MS-RRP] 2.2.3) against the key's descriptor or the one that it inherits. */
import {
  type AccessResult,
  type AccessToken,
  checkAccess,
  inheritedDescriptor,
  keyMapping as mapping,
  keyRights,
  readDescriptor,
  readSddl,
  type SecurityDescriptor,
} from "@msrpc/auth";
import type { RegistryKey } from "./key.ts";

/** This registry has one view of keys, and not two to choose from. */
const views = keyRights.wow64Key64 | keyRights.wow64Key32;

/** Of the root, as long as nobody sets another one: administrators do everything, users read. */
const rootSecurity: SecurityDescriptor = readSddl(
  "O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)",
);

const descriptors = new WeakMap<Uint8Array, SecurityDescriptor>();
const inherited = new WeakMap<SecurityDescriptor, SecurityDescriptor>();

/** The descriptor that counts for a key. */
export function securityOf({ security, parent }: RegistryKey): SecurityDescriptor {
  if (security !== null) return kept(descriptors, security, readDescriptor);
  if (parent === null) return rootSecurity;
  return kept(inherited, securityOf(parent), inheritedDescriptor);
}

function kept<K extends object, V>(map: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  map.set(key, made);
  return made;
}

/** Whether somebody may open a key with the rights asked for, and those that the handle then has. */
export function accessTo(key: RegistryKey, token: AccessToken, desired: number): AccessResult {
  return checkAccess(securityOf(key), token, desired & ~views, { mapping });
}

/** As `accessTo`, for who makes a key: it has what it asks for, whatever the key's descriptor says. */
export function makersAccess(token: AccessToken, desired: number): AccessResult {
  const everything: SecurityDescriptor = { ...rootSecurity, control: 0, dacl: null };
  return checkAccess(everything, token, desired & ~views, { mapping });
}
