export { upcase } from "./bytes.ts";
export type { Account, AccountStore } from "./credentials/account.ts";
export { accountFile, updateAccountFile } from "./credentials/account-file.ts";
export { accountList } from "./credentials/account-list.ts";
export {
  type AccountEntry,
  AccountFileError,
  type AccountProblem,
  readAccounts,
  removeAccount,
  setPassword,
  writeAccount,
} from "./credentials/account-text.ts";
export type { NtlmCredentials } from "./credentials/client-credentials.ts";
export {
  type AccessCheckOptions,
  type AccessResult,
  type AccessToken,
  type GenericMapping,
  checkAccess,
  privilegedToken,
  tokenOf,
} from "./descriptor/access-check.ts";
export { readDescriptor, writeDescriptor } from "./descriptor/binary.ts";
export {
  type Ace,
  type AceType,
  type Acl,
  type SecurityDescriptor,
  aceFlags,
  aceTypes,
  controlBits,
  rights,
} from "./descriptor/descriptor.ts";
export { DescriptorError } from "./descriptor/error.ts";
export { type SddlOptions, readSddl } from "./descriptor/read-sddl.ts";
export { inheritedDescriptor } from "./descriptor/inherit.ts";
export { keyMapping, keyRights } from "./descriptor/key-rights.ts";
export {
  onlyParts,
  partsIn,
  rightsToRead,
  rightsToSet,
  securityParts,
  withParts,
} from "./descriptor/parts.ts";
export { isSid, readSid, writeSid } from "./descriptor/sid.ts";
export { wellKnownSids } from "./descriptor/well-known.ts";
export { writeSddl } from "./descriptor/write-sddl.ts";
export type { ClientMechanism, Mechanism, ServerMechanism } from "./mechanism.ts";
export { type NtlmClientOptions, ntlmClient } from "./ntlm/client.ts";
export { type NtlmVersion } from "./ntlm/context.ts";
export type { Surroundings } from "./ntlm/policy.ts";
export { ntHashOf } from "./ntlm/responses.ts";
export { type LogonAttempt, type NtlmServerOptions, ntlmServer } from "./ntlm/server.ts";
export { ntlmWatcher, type WatchedAccount } from "./ntlm/watcher.ts";
export { Secret } from "./secret.ts";
export { clientSecurity, spnegoClient } from "./spnego/client.ts";
export { spnegoServer } from "./spnego/server.ts";
