/** Names of SIDs in SDDL ([MS-DTYP] 2.5.1.1), and SIDs that mean something here ([MS-DTYP] 2.4.2.4). */

/** The same on every machine. */
const fixed: Readonly<Record<string, string>> = {
  WD: "S-1-1-0",
  CO: "S-1-3-0",
  CG: "S-1-3-1",
  OW: "S-1-3-4",
  NU: "S-1-5-2",
  IU: "S-1-5-4",
  SU: "S-1-5-6",
  AN: "S-1-5-7",
  ED: "S-1-5-9",
  PS: "S-1-5-10",
  AU: "S-1-5-11",
  RC: "S-1-5-12",
  SY: "S-1-5-18",
  LS: "S-1-5-19",
  NS: "S-1-5-20",
  WR: "S-1-5-33",
  UD: "S-1-5-84-0-0-0-0-0",
  BA: "S-1-5-32-544",
  BU: "S-1-5-32-545",
  BG: "S-1-5-32-546",
  PU: "S-1-5-32-547",
  AO: "S-1-5-32-548",
  SO: "S-1-5-32-549",
  PO: "S-1-5-32-550",
  BO: "S-1-5-32-551",
  RE: "S-1-5-32-552",
  RU: "S-1-5-32-554",
  RD: "S-1-5-32-555",
  NO: "S-1-5-32-556",
  MU: "S-1-5-32-558",
  LU: "S-1-5-32-559",
  IS: "S-1-5-32-568",
  CY: "S-1-5-32-569",
  ER: "S-1-5-32-573",
  CD: "S-1-5-32-574",
  RA: "S-1-5-32-575",
  ES: "S-1-5-32-576",
  MS: "S-1-5-32-577",
  HA: "S-1-5-32-578",
  AA: "S-1-5-32-579",
  RM: "S-1-5-32-580",
  AC: "S-1-15-2-1",
  LW: "S-1-16-4096",
  ME: "S-1-16-8192",
  MP: "S-1-16-8448",
  HI: "S-1-16-12288",
  SI: "S-1-16-16384",
};

/** The last part, behind the SID of a domain. */
const inDomain: Readonly<Record<string, number>> = {
  RO: 498,
  LA: 500,
  LG: 501,
  DA: 512,
  DU: 513,
  DG: 514,
  DC: 515,
  DD: 516,
  CA: 517,
  SA: 518,
  EA: 519,
  PA: 520,
  RS: 553,
  CN: 522,
};

const fixedNames: ReadonlyMap<string, string> = new Map(
  Object.entries(fixed).map(([name, sid]) => [sid, name]),
);

/**
 * What a name stands for: undefined for a name that is none, null for one that needs the SID of a domain
 * where none is given.
 */
export function sidOfName(name: string, domain?: string): string | null | undefined {
  const sid = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
  if (sid !== undefined) return sid;
  const last = Object.hasOwn(inDomain, name) ? inDomain[name] : undefined;
  if (last === undefined) return undefined;
  return domain === undefined ? null : `${domain}-${last}`;
}

/** The name of a SID; the SID itself where it has none. */
export function nameOfSid(sid: string, domain?: string): string {
  const name = fixedNames.get(sid);
  if (name !== undefined) return name;
  const found = Object.keys(inDomain).find((key) => sidOfName(key, domain) === sid);
  return found ?? sid;
}

export const wellKnownSids = {
  everyone: "S-1-1-0",
  ownerRights: "S-1-3-4",
  network: "S-1-5-2",
  anonymous: "S-1-5-7",
  principalSelf: "S-1-5-10",
  authenticatedUsers: "S-1-5-11",
  administrators: "S-1-5-32-544",
  backupOperators: "S-1-5-32-551",
  ntlmAuthentication: "S-1-5-64-10",
} as const;
