/** What a server asks of the callers of an interface, and how it reads their requests. */
import type { Strictness } from "@msrpc/ndr";
import type { Caller } from "./call-context.ts";
import { type Kinds, kinds } from "./check-options.ts";
import type { ServerInterceptor } from "./interceptor.ts";
import { type AuthLevel, authLevels } from "./security.ts";

/** Callers that it keeps out get ERROR_ACCESS_DENIED. */
export interface ServicePolicy {
  /** The least protection that calls must have. Default: "none". */
  readonly minimumLevel?: AuthLevel;
  /**
   * Mechanisms that callers must have authenticated with, by the names that principals have: `ntlm`, `kerberos`. Default: any,
   * and none where no level is asked for.
   */
  readonly mechanisms?: readonly string[];
  /**
   * Lets in who has authenticated as nobody, where the server's mechanisms take that. Default: only where no level and no
   * mechanism is asked for.
   */
  readonly allowAnonymous?: boolean;
  /**
   * Octets of a request's stub; a larger one is answered with ERROR_ACCESS_DENIED and the end of the connection. Default: as
   * many as the server takes.
   */
  readonly maxRequest?: number;
  /** How strictly requests are read: a target level of [MS-RPCE] 3.1.1.5.3. Default: the descriptor's, or else 6. */
  readonly strictness?: Strictness;
  /** Stand around the handlers of this interface, inside those of the router. Default: none. */
  readonly interceptors?: readonly ServerInterceptor[];
}

export const policyKinds: Kinds<ServicePolicy> = {
  minimumLevel: kinds.level,
  mechanisms: kinds.texts,
  allowAnonymous: kinds.flag,
  maxRequest: kinds.number,
  strictness: kinds.strictness,
  interceptors: kinds.callbacks,
};

/** Whether a caller is let in. */
export function admits(policy: ServicePolicy, { principal, level }: Caller): boolean {
  const { minimumLevel = "none", mechanisms } = policy;
  if (authLevels[level] < authLevels[minimumLevel]) return false;
  if (principal === null) return mechanisms === undefined;
  if (mechanisms !== undefined && !mechanisms.includes(principal.mechanism)) return false;
  const { allowAnonymous = minimumLevel === "none" && mechanisms === undefined } = policy;
  return allowAnonymous || !principal.anonymous;
}
