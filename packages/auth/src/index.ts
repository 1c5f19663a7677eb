export type { Account, AccountStore } from "./credentials/account.ts";
export type { NtlmCredentials } from "./credentials/client-credentials.ts";
export type { ClientMechanism, Mechanism, ServerMechanism } from "./mechanism.ts";
export { type NtlmClientOptions, ntlmClient } from "./ntlm/client.ts";
export { type NtlmVersion } from "./ntlm/context.ts";
export type { Surroundings } from "./ntlm/policy.ts";
export { type NtlmServerOptions, ntlmServer } from "./ntlm/server.ts";
export { Secret } from "./secret.ts";
