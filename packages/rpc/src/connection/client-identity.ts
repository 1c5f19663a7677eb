/** As whom a client's calls are made, and how well they are protected. */
import type { ClientContextRequest, ClientSecurityProvider } from "../security.ts";
import type { IdentityOptions } from "./client-options.ts";

/** One object stands for one security context on each connection that it is used on. */
export interface ClientIdentity {
  readonly provider: ClientSecurityProvider;
  readonly request: ClientContextRequest;
}

/** The credentials that there are, the preferred ones first. */
export function providersOf({ security }: IdentityOptions): readonly ClientSecurityProvider[] {
  if (security === undefined) return [];
  return "authType" in security ? [security] : security;
}

/**
 * Null where nothing is to be authenticated.
 *
 * @throws TypeError where a level is asked for, and there are no credentials
 */
export function identityOf(options: IdentityOptions, host: string): ClientIdentity | null {
  const { level = "privacy", targetHostname, targetPrincipal } = options;
  const [provider] = providersOf(options);
  if (provider === undefined && (options.level ?? "none") !== "none") {
    throw new TypeError(
      `level ${options.level} needs credentials, and there are none: give security`,
    );
  }
  if (provider === undefined || level === "none") return null;
  const request = {
    level: level === "call" ? "packet" : level,
    host: targetHostname ?? host,
    ...(targetPrincipal !== undefined && { principal: targetPrincipal }),
  } as const;
  return { provider, request };
}
