/** Numbers and object identifiers of GSSAPI (RFC 2744) and of MIT's Kerberos mechanism. */

/** Flags of a context. */
export const contextFlags = {
  mutual: 0x2,
  replay: 0x4,
  sequence: 0x8,
  confidential: 0x10,
  integrity: 0x20,
  anonymous: 0x40,
  /** Three legs, tokens without a frame, wrap tokens that go in front of the data. */
  dceStyle: 0x1000,
} as const;

/** A major status is an error of the call, an error of the routine, and supplementary bits. */
export const majorBits = { error: 0xffff0000, continueNeeded: 1 } as const;

export const iovTypes = { data: 1, header: 2, signOnly: 11, micToken: 12 } as const;

/** What credentials are for. */
export const usages = { initiate: 1, accept: 2 } as const;

export const oids = {
  kerberos: "1.2.840.113554.1.2.2",
  /** What Windows calls Kerberos in SPNEGO, by a mistake of long ago ([MS-SPNG] 3.1.5.2). */
  microsoftKerberos: "1.2.840.48018.1.2.2",
  /** A name is a principal: `host/server.example.com@EXAMPLE.COM`. */
  principalName: "1.2.840.113554.1.2.2.1",
  /** A name is `service@host`. */
  hostService: "1.2.840.113554.1.2.1.4",
  /** Tells a credential not to ask for signing and sealing where the caller doesn't. */
  exactFlags: "1.2.752.43.13.29",
  /** Asks a context for the key of its session. */
  sessionKey: "1.2.840.113554.1.2.2.5.5",
} as const;
