/** Why a resource failed, as its properties say it. */
import { Status } from "@msrpc/ms-cmrp";
import type { ResourceFailure } from "../model/objects.ts";

/** What the system says that Windows has a code for. */
const codes: Readonly<Record<string, number>> = {
  ENOENT: Status.ERROR_FILE_NOT_FOUND,
  EACCES: Status.ERROR_ACCESS_DENIED,
  EPERM: Status.ERROR_ACCESS_DENIED,
};

/** Of what was thrown or said; its code is ERROR_RESOURCE_FAILED where there is none that says more. */
export function failureOf(why: unknown): ResourceFailure {
  const known = why instanceof Error && "code" in why ? codes[String(why.code)] : undefined;
  const text = why instanceof Error ? why.message : String(why);
  return { code: known ?? Status.ERROR_RESOURCE_FAILED, text };
}
