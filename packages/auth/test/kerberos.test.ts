/** Kerberos as far as it goes without a KDC: how the library is found, what is asked of it, what its statuses mean. */
import { authTypes, SecurityError } from "@msrpc/rpc";
import { describe, expect, test } from "vitest";
import { alice, storeOf } from "../../../test/support/accounts.ts";
import { ntlmClient, ntlmServer, spnegoClient, spnegoServer } from "../src/index.ts";
import { codeOf, problemOf } from "../src/kerberos/error.ts";
import { withoutFrame } from "../src/kerberos/framing.ts";
import { kerberosClient, kerberosServer } from "../src/kerberos/index.ts";
import { type Ffi, loadFfi } from "../src/kerberos/native/ffi.ts";
import { bindLibrary } from "../src/kerberos/native/library.ts";
import { der, derOid, tags } from "../src/spnego/der.ts";
import { exchange, octets } from "./support.ts";

const request = { level: "privacy", host: "server.example.com" } as const;
/** A library that is nowhere, whether koffi is installed or not. */
const missing = { library: "/nonexistent/libgssapi.so" };

/** koffi as it would load a library that has every function. */
function fakeFfi(options: Partial<Ffi> = {}): { readonly ffi: Ffi; readonly prototypes: string[] } {
  const prototypes: string[] = [];
  const ffi: Ffi = {
    load: () => ({
      func(prototype) {
        prototypes.push(prototype);
        return Object.assign(() => 0, { async() {} });
      },
    }),
    address: () => 0n,
    decode: () => new Uint8Array(0),
    sizeof: () => 8,
    ...options,
  };
  return { ffi, prototypes };
}

function failureOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("the library", () => {
  test("a missing koffi is said with the command that installs it", async () => {
    const failure = loadFfi(() => Promise.reject(new Error("Cannot find package 'koffi'")));
    await expect(failure).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("npm install koffi"),
    });
  });

  test("a missing library is said with the packages that have it", () => {
    const { ffi } = fakeFfi({
      load() {
        throw new Error("cannot open shared object file");
      },
    });
    const failure = failureOf(() => bindLibrary(ffi, {}, "linux"));
    expect(failure).toMatchObject({ code: "unavailable" });
    expect(String(failure)).toContain("libgssapi-krb5-2 (Debian, Ubuntu), krb5-libs (Fedora");
  });

  test("a library of another path is looked for there", () => {
    const paths: string[] = [];
    const { ffi } = fakeFfi();
    const load = (path: string) => {
      paths.push(path);
      return ffi.load(path);
    };
    bindLibrary({ ...ffi, load }, { library: "/opt/krb5/lib/libgssapi_krb5.so" }, "linux");
    bindLibrary({ ...ffi, load }, {}, "linux");
    expect(paths).toEqual(["/opt/krb5/lib/libgssapi_krb5.so", "libgssapi_krb5.so.2"]);
  });

  test.each(["darwin", "win32"] as const)("%s is refused: its structures differ", (platform) => {
    const failure = failureOf(() => bindLibrary(fakeFfi().ffi, missing, platform));
    expect(failure).toMatchObject({ code: "unavailable" });
    expect(String(failure)).toContain(platform);
  });

  test("pointers of 4 octets are refused", () => {
    const { ffi } = fakeFfi({ sizeof: () => 4 });
    expect(failureOf(() => bindLibrary(ffi, {}, "linux"))).toMatchObject({ code: "unavailable" });
  });

  test("functions are bound by their prototypes in C", () => {
    const { ffi, prototypes } = fakeFfi();
    bindLibrary(ffi, {}, "linux");
    expect(prototypes).toContain(
      "uint32_t gss_wrap_iov(void *, void *, int, uint32_t, void *, void *, int)",
    );
    expect(prototypes.every((text) => /^uint32_t gss_\w+\(void \*, /.test(text))).toBe(true);
  });
});

describe("statuses", () => {
  const failure = 0xd0000;
  const krb5 = (code: number): number => (-1_765_328_384 + code) >>> 0;

  test.each([
    ["success", 0, 0, null],
    ["another leg", 1, 0, null],
    ["GSS_S_NO_CRED", 0x70000, 0, "no_credentials"],
    ["GSS_S_BAD_SIG", 0x60000, 0, "bad_signature"],
    ["GSS_S_DEFECTIVE_TOKEN", 0x90000, 0, "bad_token"],
    ["GSS_S_CONTEXT_EXPIRED", 0xc0000, 0, "expired"],
    ["GSS_S_DUPLICATE_TOKEN", 2, 0, "replayed"],
    ["GSS_S_OLD_TOKEN", 4, 0, "replayed"],
    ["GSS_S_UNSEQ_TOKEN", 8, 0, "out_of_sequence"],
    ["GSS_S_GAP_TOKEN", 16, 0, "out_of_sequence"],
    ["KDC_ERR_C_PRINCIPAL_UNKNOWN", failure, krb5(6), "unknown_client"],
    ["KDC_ERR_S_PRINCIPAL_UNKNOWN", failure, krb5(7), "unknown_server"],
    ["KDC_ERR_PREAUTH_FAILED", failure, krb5(24), "wrong_password"],
    ["KRB_AP_ERR_TKT_EXPIRED", failure, krb5(32), "expired"],
    ["KRB_AP_ERR_REPEAT", failure, krb5(34), "replayed"],
    ["KRB_AP_ERR_SKEW", failure, krb5(37), "clock_skew"],
    ["KRB5_KDC_UNREACH", failure, krb5(156), "no_kdc"],
    ["KRB5_FCC_NOFILE, with GSS_S_NO_CRED", 0x70000, krb5(195), "no_credentials"],
    ["a minor status of somebody else", failure, 2, "failed"],
  ])("%s", (_name, major, minor, problem) => {
    expect(problemOf(major, minor)).toBe(problem);
  });

  test("a client without a ticket may try another mechanism, one with a wrong password may not", () => {
    const codes = (["expired", "unknown_server", "no_kdc", "wrong_password"] as const).map(
      (problem) => codeOf(problem, "client"),
    );
    expect(codes).toEqual(["no_credentials", "unavailable", "unavailable", "logon_denied"]);
  });
});

describe("the frame of a first token", () => {
  const request = octets("6e03020105");
  const framed = (oid: string): Uint8Array =>
    der(tags.application0, derOid(oid), octets("0100"), request);

  test("is taken off, whatever DCE style says of it", () => {
    expect(withoutFrame(framed("1.2.840.113554.1.2.2"))).toEqual(request);
  });

  test.each([
    ["without one", request],
    ["of another mechanism", framed("1.3.6.1.5.5.2")],
    ["cut off", framed("1.2.840.113554.1.2.2").subarray(0, 10)],
    ["empty", new Uint8Array(0)],
  ])("a token %s stays what it is", (_name, token) => {
    expect(withoutFrame(token)).toBe(token);
  });
});

describe("credentials", () => {
  test.each([
    ["a password of nobody", { password: "Passw0rd.2" }],
    ["a password and a cache", { principal: "alice", password: "x", ccache: "FILE:/tmp/cc" }],
    ["a password and a keytab", { principal: "alice", password: "x", clientKeytab: "keys" }],
  ])("%s do not go together", (_name, credentials) => {
    expect(failureOf(() => kerberosClient(credentials))).toMatchObject({ code: "no_credentials" });
  });

  test("a password shows up in no error", () => {
    const failure = failureOf(() => kerberosClient({ password: "Passw0rd.2" }));
    expect(String(failure)).not.toContain("Passw0rd.2");
  });

  test("providers are for Kerberos, under both of its names", () => {
    const oids = ["1.2.840.48018.1.2.2", "1.2.840.113554.1.2.2"];
    expect(kerberosClient()).toMatchObject({ authType: authTypes.kerberos, oids });
    expect(kerberosServer()).toMatchObject({ authType: authTypes.kerberos, oids });
  });
});

describe("contexts", () => {
  test("a client whose library is missing says so at its first leg", async () => {
    const context = kerberosClient({}, missing).createContext(request);
    await expect(context.step(null)).rejects.toMatchObject({ code: "unavailable" });
    await expect(context.step(null)).rejects.toMatchObject({ code: "bad_token" });
    context.dispose();
  });

  test.each([
    ["none", null],
    ["empty", new Uint8Array(0)],
    ["one of NTLM", Buffer.from("NTLMSSP\0")],
    ["one of SPNEGO", octets("60060604deadbeef")],
  ])("a server takes no first token that is %s", async (_name, token) => {
    const context = kerberosServer(missing).createContext(request);
    await expect(context.step(token)).rejects.toMatchObject({ code: "bad_token" });
  });

  test("nothing is signed before the exchange is complete", () => {
    const context = kerberosClient({}, missing).createContext(request);
    expect(failureOf(() => context.signatureLength(true, 16))).toBeInstanceOf(SecurityError);
    expect(context.sessionKey).toBeNull();
    expect(context.peer).toBeNull();
  });

  test("SPNEGO goes on with NTLM where Kerberos can't begin", async () => {
    const accounts = storeOf([alice]);
    const ours = spnegoClient([kerberosClient({}, missing), ntlmClient(alice)]);
    const theirs = spnegoServer([kerberosServer(missing), ntlmServer({ accounts })]);
    const client = ours.createContext(request);
    const server = theirs.createContext(request);
    await exchange(client, server);
    expect(server.peer).toMatchObject({ name: "EXAMPLE\\alice", mechanism: "ntlm" });
  });
});
