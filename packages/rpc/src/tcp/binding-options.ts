/** Options of a string binding as options of a connection. */
import { authTypes, type AuthLevel } from "../security.ts";
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

/**
 * What a binding says, over what the program says.
 *
 * @throws TypeError for an option that isn't known, or that asks for credentials which are not there
 */
export function withBindingOptions(
  { object, options }: StringBinding,
  given: ConnectionOptions,
): ConnectionOptions {
  const said = options.map((option) => optionOf(option, given.security));
  return Object.assign({}, given, object === null ? {} : { object }, ...said) as ConnectionOptions;
}

function optionOf(
  { name, value }: StringBinding["options"][number],
  security: ConnectionOptions["security"],
): ConnectionOptions {
  if (value !== null) throw new TypeError(`${name}=${value} is no option of a binding`);
  if (name === "bigendian") return { byteOrder: "big" };
  if (name === "ndr" || name === "ndr64") return { syntaxes: [name] };
  const level = levels[name];
  const mechanism = mechanisms[name];
  if (level === undefined && mechanism === undefined) {
    throw new TypeError(`${name} is no option of a binding`);
  }
  if (security === undefined || (mechanism ?? security.authType) !== security.authType) {
    throw new TypeError(`the binding asks for ${name}, and there are no credentials for it`);
  }
  return level === undefined ? {} : { level };
}
