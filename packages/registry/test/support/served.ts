/** A registry that is served, and clients of it that write less. */
import { type AccessToken, privilegedToken, wellKnownSids } from "@msrpc/auth";
import type { RpcUnicodeString } from "@msrpc/ms-dtyp";
import { type KeyHandle, winreg } from "@msrpc/ms-rrp";
import {
  type Client,
  createClient,
  createRouter,
  inMemoryTransport,
  type Principal,
  type Router,
} from "@msrpc/rpc";
import {
  type MemoryRegistry,
  memoryRegistry,
  type PlainTree,
  type RegistryPolicy,
  serveRegistry,
} from "@msrpc/registry";

export const user = "S-1-5-21-1-2-3-1104";
export const MAXIMUM_ALLOWED = 0x0200_0000;
export const app = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme";

export type RegistryClient = Client<(typeof winreg)["operations"]>;

interface Setup {
  readonly tree?: PlainTree;
  readonly groups?: readonly string[];
  readonly policy?: RegistryPolicy;
  readonly now?: () => number;
}

interface Served {
  readonly registry: MemoryRegistry;
  readonly router: Router;
  /** What the server failed at by itself. */
  readonly errors: unknown[];
  /** Who calls from now on: the SIDs of groups. */
  be(...groups: readonly string[]): void;
  /** A client with an association of its own. */
  client(): RegistryClient;
}

/** Administrators call it, unless it is told otherwise. */
export function serve({ tree = {}, groups, policy = {}, now }: Setup = {}): Served {
  const registry = memoryRegistry(tree, now === undefined ? {} : { now });
  const errors: unknown[] = [];
  let token = tokenFor(groups ?? [wellKnownSids.administrators]);
  const router = createRouter({ onError: (error) => errors.push(error) });
  serveRegistry(router, registry, { token: () => token, ...policy });
  return {
    registry,
    router,
    errors,
    be(...others) {
      token = tokenFor(others);
    },
    client: () => createClient(winreg, inMemoryTransport(router)),
  };
}

function tokenFor(groups: readonly string[]): AccessToken {
  const principal: Principal = {
    name: "EXAMPLE\\alice",
    anonymous: false,
    mechanism: "ntlm",
    sid: user,
    groups,
  };
  return privilegedToken(principal);
}

/** A name as clients send it. */
export function name(text: string): RpcUnicodeString {
  const buffer = `${text}\0`;
  return { length: 2 * buffer.length, maximumLength: 2 * buffer.length, buffer };
}

/** A buffer of a client, of so many octets. */
export function room(maximumLength: number): RpcUnicodeString {
  return { length: 0, maximumLength, buffer: "" };
}

export const none: RpcUnicodeString = { length: 0, maximumLength: 0, buffer: null };

export function textOf({ buffer }: RpcUnicodeString): string {
  return (buffer ?? "").replace(/\0$/, "");
}

export async function machine(
  client: RegistryClient,
  samDesired = MAXIMUM_ALLOWED,
): Promise<KeyHandle> {
  return await client.openLocalMachine({ serverName: null, samDesired });
}

/** A key below HKEY_LOCAL_MACHINE, or below another one. */
export async function open(
  client: RegistryClient,
  path: string,
  {
    samDesired = MAXIMUM_ALLOWED,
    options = 0,
    from,
  }: Partial<{
    readonly samDesired: number;
    readonly options: number;
    readonly from: KeyHandle;
  }> = {},
): Promise<KeyHandle> {
  const key = from ?? (await machine(client));
  return await client.openKey({ key, subKey: name(path), options, samDesired });
}

/** Makes one, and gives its handle with the disposition. */
export async function create(
  client: RegistryClient,
  path: string,
  {
    samDesired = MAXIMUM_ALLOWED,
    options = 0,
    from,
    className,
    security,
  }: Partial<{
    readonly samDesired: number;
    readonly options: number;
    readonly from: KeyHandle;
    readonly className: string;
    readonly security: Uint8Array;
  }> = {},
): Promise<{ readonly key: KeyHandle; readonly disposition: number | null }> {
  const { phkResult: key, disposition } = await client.createKey({
    key: from ?? (await machine(client)),
    subKey: name(path),
    class: className === undefined ? none : name(className),
    options,
    samDesired,
    securityAttributes:
      security === undefined
        ? null
        : {
            length: security.length,
            rpcSecurityDescriptor: {
              securityDescriptor: security,
              inSecurityDescriptorSize: security.length,
              outSecurityDescriptorSize: security.length,
            },
            inheritHandle: 0,
          },
    disposition: 77,
  });
  return { key, disposition };
}

/** A value that there is room for. */
export async function read(
  client: RegistryClient,
  key: KeyHandle,
  valueName: string,
): Promise<{ readonly type: number | null; readonly data: Uint8Array | null }> {
  const asked = { type: 0, data: new Uint8Array(), dataSize: 0x10000, len: 0 };
  const { type, data } = await client.queryValue({ key, valueName: name(valueName), ...asked });
  return { type, data };
}

/** The names of a key's subkeys, as they are enumerated. */
export async function subkeys(client: RegistryClient, key: KeyHandle): Promise<string[]> {
  const names: string[] = [];
  for (let index = 0; ; index++) {
    const asked = { nameIn: room(512), classIn: null, lastWriteTime: null };
    const below = await client.enumKey({ key, index, ...asked }).catch((error: unknown) => {
      if ((error as { statusName?: string }).statusName === "ERROR_NO_MORE_ITEMS") return null;
      throw error;
    });
    if (below === null) return names;
    names.push(textOf(below.nameOut));
  }
}

/** The name of the status that a call fails with. */
export async function failure(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "none",
    (error: unknown) => (error as { statusName: string }).statusName,
  );
}
