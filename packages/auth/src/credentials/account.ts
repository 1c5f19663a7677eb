/** Accounts, as a server looks them up. */
import type { Secret } from "../secret.ts";

export interface Account {
  /** As it is to be shown. */
  readonly user: string;
  readonly domain: string;
  /** NTOWFv1 of the password ([MS-NLMP] 3.3.1), 16 octets. */
  readonly ntHash: Secret;
  /** LMOWFv1, for servers that accept LM responses. */
  readonly lmHash?: Secret;
  /** `S-1-5-21-...` */
  readonly sid?: string;
  /** SIDs of groups. */
  readonly groups?: readonly string[];
}

/** Where a server's accounts are. */
export interface AccountStore {
  /**
   * The account of that name, whatever its case; null where there is none, or where it is disabled. The
   * domain is what the client claims, and may be empty.
   */
  lookUp(user: string, domain: string): Account | null | Promise<Account | null>;
}
