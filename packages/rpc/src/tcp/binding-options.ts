/** Options of a string binding as options of a connection. */
import { authLevels, authTypes, type AuthLevel } from "../security.ts";
import { providersOf } from "../connection/client-identity.ts";
import type { ConnectionOptions } from "../connection/client-options.ts";
import type { StringBinding } from "../string-binding.ts";

/** Names that people write, Samba's `sign` and `seal` among them. */
const levels: Readonly<Record<string, AuthLevel>> = {
  connect: "connect",
  call: "packet",
  packet: "packet",
  integrity: "integrity",
  sign: "integrity",
  privacy: "privacy",
  seal: "privacy",
};

const mechanisms: Readonly<Record<string, number>> = {
  spnego: authTypes.spnego,
  ntlm: authTypes.ntlm,
  kerberos: authTypes.kerberos,
  krb5: authTypes.kerberos,
};

const syntaxLists = { ndr: ["ndr"], ndr64: ["ndr64"] } as const;

/** Names of texts, with those that Samba has for them. */
const texts: Readonly<Record<string, "targetHostname" | "targetPrincipal">> = {
  hostname: "targetHostname",
  target_hostname: "targetHostname",
  principal: "targetPrincipal",
  target_principal: "targetPrincipal",
};

/**
 * What a binding says, over what the program says.
 *
 * @throws TypeError for an option that isn't known, that contradicts another, or that asks for credentials
 * which are not there
 */
export function withBindingOptions(
  { object, options }: StringBinding,
  given: ConnectionOptions,
): ConnectionOptions {
  let said: ConnectionOptions = {};
  for (const option of options) said = combine(said, optionOf(option, given), option.name);
  return { ...given, ...(object !== null && { object }), ...said };
}

/** Of several levels the highest counts. */
function combine(
  before: ConnectionOptions,
  after: ConnectionOptions,
  name: string,
): ConnectionOptions {
  const { level } = before;
  if (level !== undefined && after.level !== undefined) {
    return authLevels[after.level] > authLevels[level] ? { ...before, ...after } : before;
  }
  for (const [key, value] of Object.entries(after)) {
    const other = before[key as keyof ConnectionOptions];
    if (other !== undefined && other !== value) {
      throw new TypeError(`${name} contradicts another option of the binding`);
    }
  }
  return { ...before, ...after };
}

function optionOf(
  { name, value }: StringBinding["options"][number],
  given: ConnectionOptions,
): ConnectionOptions {
  const text = texts[name];
  if (text !== undefined) {
    if (value === null || value === "") throw new TypeError(`${name} of the binding has no value`);
    return { [text]: value };
  }
  if (value !== null) throw new TypeError(`${name}=${value} is no option of a binding`);
  if (name === "bigendian") return { byteOrder: "big" };
  if (name === "ndr" || name === "ndr64") return { syntaxes: syntaxLists[name] };
  const level = levels[name];
  const mechanism = mechanisms[name];
  if (level === undefined && mechanism === undefined) {
    throw new TypeError(`${name} is no option of a binding`);
  }
  const security = providersOf(given).find(
    ({ authType }) => mechanism === undefined || authType === mechanism,
  );
  if (security === undefined) {
    throw new TypeError(`the binding asks for ${name}, and there are no credentials for it`);
  }
  return level === undefined ? { security } : { level };
}
