/** MIT's GSSAPI library: finds it and binds what we call of it. */
import { SecurityError } from "@msrpc/rpc";
import type { Ffi, ForeignFunction } from "./ffi.ts";

/** Where the library is by default. Its structures are laid out in another way on other systems. */
const libraries: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: "libgssapi_krb5.so.2",
  freebsd: "libgssapi_krb5.so.2",
};

/** Names in C, with a letter a parameter: p a pointer, u an OM_uint32, i an int. The minor status is first. */
const signatures = {
  importName: ["gss_import_name", "pppp"],
  displayName: ["gss_display_name", "pppp"],
  releaseName: ["gss_release_name", "pp"],
  getNameAttribute: ["gss_get_name_attribute", "pppppppp"],
  acquireCredential: ["gss_acquire_cred_from", "ppupipppp"],
  acquireByPassword: ["gss_acquire_cred_with_password", "pppupippp"],
  setCredentialOption: ["gss_set_cred_option", "pppp"],
  releaseCredential: ["gss_release_cred", "pp"],
  initContext: ["gss_init_sec_context", "pppppuupppppp"],
  acceptContext: ["gss_accept_sec_context", "ppppppppppp"],
  inquireContext: ["gss_inquire_context", "ppppppppp"],
  inquireByOid: ["gss_inquire_sec_context_by_oid", "pppp"],
  deleteContext: ["gss_delete_sec_context", "ppp"],
  wrap: ["gss_wrap_iov", "ppiuppi"],
  wrapLength: ["gss_wrap_iov_length", "ppiuppi"],
  unwrap: ["gss_unwrap_iov", "pppppi"],
  getMic: ["gss_get_mic_iov", "ppupi"],
  getMicLength: ["gss_get_mic_iov_length", "ppupi"],
  verifyMic: ["gss_verify_mic_iov", "ppppi"],
  displayStatus: ["gss_display_status", "puippp"],
  releaseBuffer: ["gss_release_buffer", "pp"],
  releaseBufferSet: ["gss_release_buffer_set", "pp"],
} as const;

const parameterTypes: Readonly<Record<string, string>> = { p: "void *", u: "uint32_t", i: "int" };

export type FunctionName = keyof typeof signatures;
export type Functions = Readonly<Record<FunctionName, ForeignFunction>>;

export interface LibraryOptions {
  /** Path or name of the library. Default: where the system has it. */
  readonly library?: string | undefined;
}

/**
 * The functions of the library.
 *
 * @throws SecurityError unavailable: not installed, too old, or not for this platform
 */
export function bindLibrary(
  ffi: Ffi,
  { library }: LibraryOptions,
  platform: NodeJS.Platform = process.platform,
): Functions {
  const path = libraries[platform] === undefined ? undefined : (library ?? libraries[platform]);
  if (path === undefined || ffi.sizeof("void *") !== 8) {
    throw unavailable(`is supported on 64-bit Linux and FreeBSD, and this is ${platform}`);
  }
  try {
    const loaded = ffi.load(path);
    const functions = Object.entries(signatures).map(([name, [symbol, letters]]) => {
      const parameters = Array.from(letters, (letter) => parameterTypes[letter]);
      return [name, loaded.func(`uint32_t ${symbol}(${parameters.join(", ")})`)];
    });
    return Object.fromEntries(functions) as Functions;
  } catch (cause) {
    throw unavailable(`needs ${path} of MIT krb5 1.15 or newer. ${packages}`, cause);
  }
}

const packages =
  "Install the package libgssapi-krb5-2 (Debian, Ubuntu), krb5-libs (Fedora, RHEL, Alpine) " +
  "or krb5 (SUSE, Arch, FreeBSD)";

function unavailable(what: string, cause?: unknown): SecurityError {
  return new SecurityError("unavailable", `Kerberos ${what}`, { cause });
}
