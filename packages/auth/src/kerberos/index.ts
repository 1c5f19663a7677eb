/** Kerberos by the system's GSSAPI library. Nothing else of `@msrpc/auth` loads native code. */
export type { KerberosCredentials } from "./client-credentials.ts";
export { type KerberosClientOptions, kerberosClient } from "./client.ts";
export { KerberosError, type KerberosProblem } from "./error.ts";
export { type KerberosServerOptions, kerberosServer } from "./server.ts";
