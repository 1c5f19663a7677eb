/** Opening, making and deleting keys ([MS-RRP] 3.1.5.1 to 3.1.5.8, 3.1.5.12, 3.1.5.15, 3.1.5.24, 3.1.5.25, 3.1.5.31). */
import { inheritedDescriptor, keyRights, partsIn, rights, withParts } from "@msrpc/auth";
import { type KeyHandle, Status } from "@msrpc/ms-rrp";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { namesIn, textIn } from "../names.ts";
import { follow, type Place, rootPlace } from "../place.ts";
import type { KeyType, NewKey, RegistryKey } from "../registry.ts";
import {
  backupRights,
  is32In,
  makersRights,
  onlookerOf,
  openHandle,
  type RegistryHandlers,
  rightsTo,
  type Served,
  useKey,
  writable,
} from "./opened-key.ts";
import { givenDescriptor } from "./security-answers.ts";

/** ([MS-RRP] 3.1.5.7) */
const options = {
  volatile: 1,
  link: 2,
  backupRestore: 4,
  openLink: 8,
  dontVirtualize: 16,
} as const;
const anyOption = 0x1f;
/** What stands directly below these is the registry's, and nobody's to make ([MS-RRP] 2.2.3). */
const hives: ReadonlySet<string> = new Set(["HKEY_LOCAL_MACHINE", "HKEY_USERS"]);
const disposition = { created: 1, opened: 2 } as const;

export function keyMethods(served: Served): RegistryHandlers {
  const { wow64, token } = served;
  return {
    openClassesRoot: ({ samDesired }, context) =>
      openRoot("HKEY_CLASSES_ROOT", samDesired, context),
    openCurrentUser: ({ samDesired }, context) =>
      openRoot("HKEY_CURRENT_USER", samDesired, context),
    openLocalMachine: ({ samDesired }, context) =>
      openRoot("HKEY_LOCAL_MACHINE", samDesired, context),
    openUsers: ({ samDesired }, context) => openRoot("HKEY_USERS", samDesired, context),
    openCurrentConfig: ({ samDesired }, context) =>
      openRoot("HKEY_CURRENT_CONFIG", samDesired, context),
    // What is asked for is not looked at.
    openPerformanceData: (_, context) =>
      openRoot("HKEY_PERFORMANCE_DATA", rights.maximumAllowed, context),
    openPerformanceText: (_, context) => openText("HKEY_PERFORMANCE_TEXT", context),
    openPerformanceNlsText: (_, context) => openText("HKEY_PERFORMANCE_NLSTEXT", context),

    async openKey({ key, subKey, options: given, samDesired }, context) {
      const from = await useKey(served, context, key, 0);
      const names = namesIn(textIn(subKey));
      const is32 = is32In(served, samDesired);
      if ((given & ~anyOption) !== 0) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
      const way = { is32, toLink: (given & options.openLink) !== 0 };
      const { missing, ...place } = await follow(onlookerOf(served, context), from, names, way);
      if (missing.length > 0) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
      return openHandle(served, context, place, await allowed(place, given, samDesired, context));
    },

    async createKey(request, context) {
      const { key, subKey, samDesired, disposition: before } = request;
      const from = await useKey(served, context, key, 0);
      try {
        const names = namesIn(textIn(subKey));
        const { type, given } = typeIn(request.options);
        const is32 = is32In(served, samDesired);
        const security = givenDescriptor(request.securityAttributes);
        const way = { is32, toLink: type === "link" || (given & options.openLink) !== 0 };
        const there = await follow(onlookerOf(served, context), from, names, way);
        if (there.missing.length === 0) {
          if (type === "link") throw new RpcError(Status.ERROR_ALREADY_EXISTS);
          const granted = await allowed(there, given, samDesired, context);
          const phkResult = openHandle(served, context, there, granted);
          return { phkResult, disposition: before === null ? null : disposition.opened };
        }
        if (!served.rootSubkeys && there.path.length === 1 && hives.has(there.path[0] ?? "")) {
          throw new RpcError(Status.ERROR_INVALID_PARAMETER);
        }
        const className = request.class.buffer === null ? null : textIn(request.class);
        const made = await make(there, there.missing, context, (inherited, isLast) => ({
          type,
          className: isLast && className !== "" ? className : null,
          security:
            security === null || !isLast
              ? inherited
              : withParts(inherited, security, partsIn(security)),
        }));
        const granted = await makersAccess(made, given, samDesired, context);
        const phkResult = openHandle(served, context, made, granted);
        return { phkResult, disposition: before === null ? null : disposition.created };
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        throw new RpcError(error.status, { cause: error, response: { disposition: before } });
      }
    },

    closeKey({ key }, { handles }) {
      served.opened.delete(handles.close(served.kind, key));
    },

    async deleteKey({ key, subKey }, context) {
      await remove(key, textIn(subKey), false, context);
    },
    async deleteKeyEx({ key, subKey, accessMask }, context) {
      const is32 = is32In(served, accessMask);
      await remove(key, textIn(subKey), is32, context);
    },

    async flushKey({ key: handle }, context) {
      const { key } = await useKey(served, context, handle, keyRights.queryValue);
      await key.flush?.();
    },
    async getVersion({ key }, context) {
      await useKey(served, context, key, 0);
      return { version: wow64 ? 6 : 5 };
    },
  };

  async function openRoot(
    name: string,
    samDesired: number,
    context: CallContext,
  ): Promise<KeyHandle> {
    const is32 = is32In(served, samDesired);
    const onlooker = onlookerOf(served, context);
    let place = await rootPlace(onlooker, name);
    if (is32 && name === "HKEY_CLASSES_ROOT") {
      const { missing, ...below } = await follow(onlooker, place, ["Wow6432Node"], {});
      if (missing.length > 0) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
      place = below;
    }
    const granted = await rightsTo(place, token(context.caller), samDesired);
    return openHandle(served, context, place, granted);
  }

  /** These are opened for everybody who is served; what there is to see is for those who may read. */
  async function openText(name: string, context: CallContext): Promise<KeyHandle> {
    const place = await rootPlace(onlookerOf(served, context), name);
    const asked = rightsTo(place, token(context.caller), rights.maximumAllowed);
    return openHandle(served, context, place, await asked.catch(() => 0));
  }

  /** The rights to a key that is there. */
  async function allowed(
    place: Place,
    given: number,
    samDesired: number,
    { caller }: CallContext,
  ): Promise<number> {
    if ((given & options.backupRestore) !== 0) return backupRights(token(caller));
    return await rightsTo(place, token(caller), samDesired);
  }

  async function makersAccess(
    { key }: Place,
    given: number,
    samDesired: number,
    { caller }: CallContext,
  ): Promise<number> {
    if ((given & options.backupRestore) !== 0) return backupRights(token(caller));
    const info = await key.info();
    if (info === null) throw new RpcError(Status.ERROR_KEY_DELETED);
    return makersRights(info, token(caller), samDesired);
  }

  /** Makes keys, each below the one before. Who may is said by the descriptor of the key above each. */
  async function make(
    from: Place,
    names: readonly string[],
    { caller }: CallContext,
    keyOf: (inherited: NewKey["security"], isLast: boolean) => NewKey,
  ): Promise<Place> {
    let { key } = from;
    const path = [...from.path];
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1;
      const info = await key.info();
      if (info === null) throw new RpcError(Status.ERROR_KEY_DELETED);
      const made = keyOf(inheritedDescriptor(info.security), isLast);
      const isLink = made.type === "link" && isLast;
      const needed = keyRights.createSubKey | (isLink ? keyRights.createLink : 0);
      await rightsTo({ key, path }, token(caller), needed);
      // The source of a link has nothing below it.
      if (key.type === "link") throw new RpcError(Status.ERROR_ACCESS_DENIED);
      if (key.type === "volatile" && made.type !== "volatile") {
        throw new RpcError(Status.ERROR_CHILD_MUST_BE_VOLATILE);
      }
      const type: KeyType = made.type === "link" && !isLast ? "stable" : made.type;
      writable(key.createSubkey);
      // Somebody else may have made it meanwhile.
      key = (await key.createSubkey?.(name, { ...made, type })) ?? present(await key.subkey(name));
      path.push(key.name);
    }
    return { key, path };
  }

  async function remove(
    handle: KeyHandle,
    path: string,
    is32: boolean,
    context: CallContext,
  ): Promise<void> {
    const from = await useKey(served, context, handle, 0);
    const names = namesIn(path);
    if (names.length === 0) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    const onlooker = onlookerOf(served, context);
    const { missing, ...place } = await follow(onlooker, from, names, { is32, toLink: true });
    if (missing.length > 0 || place.key.type === "link") {
      throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
    }
    await rightsTo(place, token(context.caller), rights.delete);
    if ((await place.key.subkeyAt(0)) !== null) throw new RpcError(Status.ERROR_ACCESS_DENIED);
    const [root = "", ...above] = place.path.slice(0, -1);
    const parent = await follow(onlooker, await rootPlace(onlooker, root), above, {});
    writable(parent.key.deleteSubkey);
    if ((await parent.key.deleteSubkey?.(place.key.name)) !== true) {
      throw new RpcError(Status.ERROR_ACCESS_DENIED);
    }
  }
}

/** The type of a new key, and the options beside it. @throws RpcError ERROR_INVALID_PARAMETER */
function typeIn(given: number): { readonly type: KeyType; readonly given: number } {
  const both = options.volatile | options.link;
  if ((given & ~anyOption) !== 0 || (given & both) === both) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  }
  if ((given & options.link) !== 0) return { type: "link", given };
  return { type: (given & options.volatile) === 0 ? "stable" : "volatile", given };
}

function present(key: RegistryKey | null): RegistryKey {
  if (key === null) throw new RpcError(Status.ERROR_KEY_DELETED);
  return key;
}
