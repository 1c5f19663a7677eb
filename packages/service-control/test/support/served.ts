/** A service control manager that is served, and clients of it that write less. */
import { type AccessToken, privilegedToken, wellKnownSids } from "@msrpc/auth";
import { type ServiceHandle, svcctl } from "@msrpc/ms-scmr";
import {
  type Client,
  createClient,
  createRouter,
  inMemoryTransport,
  type Router,
} from "@msrpc/rpc";
import {
  type ServiceControlPolicy,
  ServiceManager,
  type ServiceManagerOptions,
  serveServiceControl,
} from "@msrpc/service-control";

export const MAXIMUM_ALLOWED = 0x0200_0000;
export type ControlClient = Client<(typeof svcctl)["operations"]>;

interface Served {
  readonly manager: ServiceManager;
  readonly router: Router;
  /** What the server failed at by itself. */
  readonly errors: unknown[];
  /** Who calls from now on: the SIDs of groups. */
  be(...groups: readonly string[]): void;
  client(): ControlClient;
}

/** Administrators call it, unless it is told otherwise. */
export function serve(
  options: ServiceManagerOptions = {},
  policy: ServiceControlPolicy = {},
): Served {
  const errors: unknown[] = [];
  const manager = new ServiceManager({ onError: (error) => errors.push(error), ...options });
  const router = createRouter({ onError: (error) => errors.push(error) });
  let token = tokenFor([wellKnownSids.administrators]);
  serveServiceControl(router, manager, { token: () => token, ...policy });
  return {
    manager,
    router,
    errors,
    be(...groups) {
      token = tokenFor(groups);
    },
    client: () => createClient(svcctl, inMemoryTransport(router)),
  };
}

function tokenFor(groups: readonly string[]): AccessToken {
  return privilegedToken({
    name: "EXAMPLE\\alice",
    anonymous: false,
    mechanism: "ntlm",
    sid: "S-1-5-21-1-2-3-1104",
    groups,
  });
}

export async function openManager(
  client: ControlClient,
  desiredAccess = MAXIMUM_ALLOWED,
): Promise<ServiceHandle> {
  return await client.openScManagerW({ machineName: null, databaseName: null, desiredAccess });
}

export async function open(
  client: ControlClient,
  serviceName: string,
  desiredAccess = MAXIMUM_ALLOWED,
): Promise<ServiceHandle> {
  const scManager = await openManager(client);
  return await client.openServiceW({ scManager, serviceName, desiredAccess });
}

export const newService = {
  serviceName: "Made",
  displayName: "Made by a client",
  desiredAccess: 0xf_81ff,
  serviceType: 0x10,
  startType: 3,
  errorControl: 1,
  binaryPathName: "C:\\made.exe",
  loadOrderGroup: null,
  tagId: null,
  dependencies: null,
  serviceStartName: null,
  password: null,
} as const;

/** The name of the status that a call fails with. */
export async function failure(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "none",
    (error: unknown) => (error as { statusName: string }).statusName,
  );
}

/** Texts as dependencies have them, of UTF-16. */
export function wide(...texts: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(`${texts.join("\0")}\0\0`, "utf16le"));
}
