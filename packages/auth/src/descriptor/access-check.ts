/** Whether somebody may do something ([MS-DTYP] 2.5.3.2). */
import type { Principal } from "@msrpc/rpc";
import {
  type Ace,
  type SecurityDescriptor,
  aceFlags,
  aceTypes,
  controlBits,
  rights,
} from "./descriptor.ts";
import { wellKnownSids } from "./well-known.ts";

/** Who asks. */
export interface AccessToken {
  /** SIDs of the user and of all groups. */
  readonly sids: readonly string[];
  /** `SeSecurityPrivilege` and `SeTakeOwnershipPrivilege` count here; servers ask for others. */
  readonly privileges?: readonly string[];
}

/** What the generic rights mean for a kind of object. */
export interface GenericMapping {
  readonly read: number;
  readonly write: number;
  readonly execute: number;
  readonly all: number;
}

export interface AccessCheckOptions {
  /** Default: generic rights mean nothing else. */
  readonly mapping?: GenericMapping;
  /** Who stands for PRINCIPAL_SELF. */
  readonly principalSelf?: string;
}

export interface AccessResult {
  readonly allowed: boolean;
  /** What was asked for, or the most there is with `maximumAllowed`; 0 where it is refused. */
  readonly granted: number;
}

const refused: AccessResult = { allowed: false, granted: 0 };

/** The SIDs of a caller: its own, and those that everybody has who comes over a network. */
export function tokenOf(principal: Principal): AccessToken {
  const { network, anonymous, everyone, authenticatedUsers, ntlmAuthentication } = wellKnownSids;
  // Windows has left nobody out of everybody since 2001.
  if (principal.anonymous) return { sids: [anonymous, network] };
  const { sid, groups = [], mechanism } = principal;
  const own = sid === undefined ? groups : [sid, ...groups];
  const by = mechanism === "ntlm" ? [ntlmAuthentication] : [];
  return { sids: [...own, everyone, network, authenticatedUsers, ...by] };
}

const backup = ["SeBackupPrivilege", "SeRestorePrivilege"];
/** What Windows gives to groups; it is not in tickets and tokens that come over a network. */
const privilegesOfGroups: Readonly<Record<string, readonly string[]>> = {
  [wellKnownSids.administrators]: [...backup, "SeSecurityPrivilege", "SeTakeOwnershipPrivilege"],
  [wellKnownSids.backupOperators]: backup,
};

/** As `tokenOf`, with the privileges that administrators and backup operators have. Who hasn't logged on is anonymous. */
export function privilegedToken(principal: Principal | null): AccessToken {
  const nobody: Principal = { name: "", anonymous: true, mechanism: "" };
  const { sids } = tokenOf(principal ?? nobody);
  return { sids, privileges: [...new Set(sids.flatMap((sid) => privilegesOfGroups[sid] ?? []))] };
}

/**
 * Checks a request against a descriptor's DACL. A descriptor without one lets everything pass.
 *
 * Conditions are not evaluated: an ACE that allows under a condition does not apply, one that denies does.
 * Rights to parts of an object can't be asked for: an ACE that allows a part does not apply, one that denies
 * a part does.
 */
export function checkAccess(
  descriptor: SecurityDescriptor,
  token: AccessToken,
  desired: number,
  options: AccessCheckOptions = {},
): AccessResult {
  return new AccessCheck(descriptor, token, options).run(desired);
}

class AccessCheck {
  readonly #descriptor: SecurityDescriptor;
  readonly #sids: ReadonlySet<string>;
  readonly #privileges: ReadonlySet<string>;
  readonly #options: AccessCheckOptions;
  readonly #effective: readonly Ace[];

  constructor(descriptor: SecurityDescriptor, token: AccessToken, options: AccessCheckOptions) {
    this.#descriptor = descriptor;
    this.#options = options;
    this.#privileges = new Set(token.privileges);
    const isOwner = descriptor.owner !== null && token.sids.includes(descriptor.owner);
    this.#sids = new Set(isOwner ? [...token.sids, wellKnownSids.ownerRights] : token.sids);
    const aces = descriptor.dacl?.aces ?? [];
    this.#effective = aces.filter(({ flags }) => (flags & aceFlags.inheritOnly) === 0);
  }

  run(desired: number): AccessResult {
    const asked = this.#map(desired);
    const wantsMost = (asked & rights.maximumAllowed) !== 0;
    const wanted = (asked & ~rights.maximumAllowed) >>> 0;
    let granted = this.#unlisted(wanted, wantsMost);
    const { dacl, control } = this.#descriptor;
    if (dacl === null || (control & controlBits.daclPresent) === 0) {
      const open = ~rights.accessSystemSecurity;
      granted |= wantsMost
        ? (wanted | (this.#options.mapping?.all ?? ordinary)) & open
        : wanted & open;
    } else {
      granted |= this.#listed();
    }
    if ((wanted & ~granted) !== 0) return refused;
    const result = (wantsMost ? granted : wanted) >>> 0;
    return wantsMost && result === 0 ? refused : { allowed: true, granted: result };
  }

  /** What no ACE is needed for: privileges, and what an owner may always do. */
  #unlisted(wanted: number, wantsMost: boolean): number {
    let granted = 0;
    if (this.#privileges.has("SeSecurityPrivilege"))
      granted |= wanted & rights.accessSystemSecurity;
    if (this.#privileges.has("SeTakeOwnershipPrivilege")) {
      granted |= (wantsMost ? rights.writeOwner : wanted) & rights.writeOwner;
    }
    const isRuled = this.#effective.some(({ sid }) => sid === wellKnownSids.ownerRights);
    const isOwner = this.#sids.has(wellKnownSids.ownerRights);
    return isOwner && !isRuled ? granted | rights.readControl | rights.writeDac : granted;
  }

  /** What the ACEs give, the first that speaks of a right being the one that counts. */
  #listed(): number {
    let granted = 0;
    let denied = 0;
    for (const ace of this.#effective) {
      if (!this.#concerns(ace)) continue;
      const mask = this.#map(ace.mask);
      if (allows(ace)) granted |= mask & ~denied;
      else if (denies(ace)) denied |= mask & ~granted;
    }
    return granted & ~rights.accessSystemSecurity;
  }

  #concerns({ sid }: Ace): boolean {
    const { principalSelf } = this.#options;
    if (sid !== wellKnownSids.principalSelf) return this.#sids.has(sid);
    return principalSelf !== undefined && this.#sids.has(principalSelf);
  }

  /** Generic rights by what they mean. */
  #map(mask: number): number {
    const { mapping } = this.#options;
    if (mapping === undefined) return mask >>> 0;
    const { genericRead, genericWrite, genericExecute, genericAll } = rights;
    let mapped = mask & 0x0fffffff;
    if ((mask & genericRead) !== 0) mapped |= mapping.read;
    if ((mask & genericWrite) !== 0) mapped |= mapping.write;
    if ((mask & genericExecute) !== 0) mapped |= mapping.execute;
    if ((mask & genericAll) !== 0) mapped |= mapping.all;
    return mapped >>> 0;
  }
}

/** All rights but the special and the generic ones. */
const ordinary = 0x001fffff;

function allows({ type, objectType }: Ace): boolean {
  return type === aceTypes.allow || (type === aceTypes.allowObject && objectType === undefined);
}

function denies({ type }: Ace): boolean {
  return (
    type === aceTypes.deny ||
    type === aceTypes.denyObject ||
    type === aceTypes.denyCallback ||
    type === aceTypes.denyCallbackObject
  );
}
