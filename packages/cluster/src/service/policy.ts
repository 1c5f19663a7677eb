/** The cluster security descriptor: what callers may do with the cluster ([MS-CMRP] 3.1.1.3, 3.1.4.2). */
import {
  checkAccess,
  type GenericMapping,
  readSddl,
  rights,
  type SecurityDescriptor,
  tokenOf,
  wellKnownSids,
} from "@msrpc/auth";
import { Access } from "@msrpc/ms-cmrp/clusapi3";
import type { AccessLevel, AccessPolicy } from "./opened.ts";

/** All for administrators and for the system itself. */
const defaultSecurity: SecurityDescriptor = readSddl("O:BAG:BAD:P(A;;GA;;;BA)(A;;GA;;;SY)");

const all = Access.Read | Access.Change;
/** As the Ex operations take the generic rights ([MS-CMRP] 3.1.4.2.116). */
const mapping: GenericMapping = { read: Access.Read, write: all, execute: all, all };

/** Lets callers read and do all by the rights 1 (read) and 2 (change) of a descriptor. */
export function securityPolicy(descriptor: SecurityDescriptor = defaultSecurity): AccessPolicy {
  return ({ principal }) => {
    if (principal === null) return null;
    const token = tokenOf(principal);
    const { granted } = checkAccess(descriptor, token, rights.maximumAllowed, { mapping });
    if ((granted & all) === all) return "all";
    // They have the backup privilege, and may read whatever the descriptor says.
    const mayRead =
      (granted & Access.Read) !== 0 || token.sids.includes(wellKnownSids.backupOperators);
    return mayRead ? "read" : null;
  };
}

/** Lets whoever has logged on read, or do all: for servers that only those have accounts of who manage the cluster. */
export function loggedOnMay(level: AccessLevel): AccessPolicy {
  return ({ principal }) => (principal === null || principal.anonymous ? null : level);
}

/** What either of two policies gives. */
export function either(one: AccessPolicy, other: AccessPolicy): AccessPolicy {
  return (caller) => {
    const given = one(caller);
    return given === "all" ? given : (other(caller) ?? given);
  };
}
