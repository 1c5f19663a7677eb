/** Saving, restoring, loading and replacing keys ([MS-RRP] 3.1.5.14, 3.1.5.18 to 3.1.5.20, 3.1.5.23, 3.1.5.27). */
import type { RpcUnicodeString } from "@msrpc/ms-dtyp";
import { type KeyHandle, type RpcSecurityAttributes, Status } from "@msrpc/ms-rrp";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { clear, fill, type Hive, type HiveStore, hiveOf, restore } from "../hives.ts";
import { fold, namesIn, textIn } from "../names.ts";
import { follow, type Place, rootPlace } from "../place.ts";
import { isPerformance } from "./info-methods.ts";
import {
  demandPrivilege,
  onlookerOf,
  type RegistryHandlers,
  type Served,
  type UsedKey,
  useKey,
  writable,
} from "./opened-key.ts";
import { givenDescriptor } from "./security-answers.ts";

/** ([MS-RRP] 3.1.5.19) */
const flags = { wholeHiveVolatile: 1, refreshHive: 2, noLazyFlush: 4, forceRestore: 8 } as const;
const anyFlag = 0xf;
/** Formats of saved keys; there is one here, whichever is asked for ([MS-RRP] 3.1.5.27). */
const formats: ReadonlySet<number> = new Set([1, 2, 4]);
const roots: ReadonlySet<string> = new Set(["HKEY_LOCAL_MACHINE", "HKEY_USERS"]);

export function hiveMethods(served: Served): RegistryHandlers {
  const { opened, loaded } = served;
  return {
    async saveKey({ key, file, securityAttributes }, context) {
      await save(key, file, securityAttributes, Status.ERROR_INVALID_HANDLE, context);
    },
    async saveKeyEx({ key, file, securityAttributes, flags: format }, context) {
      if (!formats.has(format)) throw invalidParameter();
      await save(key, file, securityAttributes, Status.ERROR_INVALID_PARAMETER, context);
    },
    async restoreKey({ key: handle, file, flags: given }, context) {
      const used = await privileged(handle, "SeRestorePrivilege", context);
      // No file is behind a key that it could be read from again.
      if ((given & ~anyFlag) !== 0 || (given & flags.refreshHive) !== 0) throw invalidParameter();
      const hive = await readHive(fileName(file));
      const isForced = (given & flags.forceRestore) !== 0;
      if (!isForced && isOpen(used, handle, context))
        throw new RpcError(Status.ERROR_ACCESS_DENIED);
      writable(used.key.setSecurity);
      const isVolatile = (given & flags.wholeHiveVolatile) !== 0 || used.key.type === "volatile";
      await restore(used.key, hive, isVolatile ? "volatile" : undefined);
    },
    async loadKey({ key: handle, subKey, file }, context) {
      const { key, info, path } = await privileged(handle, "SeRestorePrivilege", context);
      const store = hivesOf();
      const name = fileName(file);
      const hive = (await store.read(name)) ?? { ...empty, security: info.security };
      const below = subKey.buffer === null ? hive.name : textIn(subKey);
      const [only = "", ...more] = namesIn(below);
      if (only === "" || more.length > 0) throw invalidParameter();
      const isRoot = path.length === 1 && roots.has(path[0] ?? "");
      if (!isRoot || (await key.subkey(only)) !== null)
        throw new RpcError(Status.ERROR_ACCESS_DENIED);
      writable(key.createSubkey);
      const { className, security } = hive;
      const made = await key.createSubkey?.(only, { type: "stable", className, security });
      if (made === null || made === undefined) throw new RpcError(Status.ERROR_ACCESS_DENIED);
      await fill(made, hive);
      if ((await store.read(name)) === null) await store.write(name, hive);
      loaded.set(folded([...path, only]), name);
    },
    async unLoadKey({ key: handle, subKey }, context) {
      const from = await privileged(handle, "SeRestorePrivilege", context);
      const place = await below(from, subKey.buffer === null ? "" : textIn(subKey), context);
      const [root = "", ...names] = place.path;
      if (!roots.has(root) || names.length === 0) throw new RpcError(Status.ERROR_ACCESS_DENIED);
      if (!loaded.has(folded(place.path))) throw invalidParameter();
      const own = place.key === from.key ? handle : null;
      if (isOpen(place, own, context)) throw new RpcError(Status.ERROR_ACCESS_DENIED);
      const parent = await rootPlace(onlookerOf(served, context), root);
      writable(parent.key.deleteSubkey);
      await clear(place.key);
      await parent.key.deleteSubkey?.(place.key.name);
      loaded.delete(folded(place.path));
    },
    async replaceKey({ key: handle, subKey, newFile, oldFile }, context) {
      const from = await privileged(handle, "SeRestorePrivilege", context);
      const place = await below(from, textIn(subKey), context);
      const store = hivesOf();
      const hive = await readHive(fileName(newFile));
      const backup = fileName(oldFile);
      if ((await store.read(backup)) !== null) throw new RpcError(Status.ERROR_ALREADY_EXISTS);
      const root = place.path.slice(0, 2);
      const file = loaded.get(folded(root));
      if (file === undefined) throw new RpcError(Status.ERROR_ACCESS_DENIED);
      const now = await hiveOf(
        (await below(from, root.slice(from.path.length).join("\\"), context)).key,
      );
      if (now !== null) await store.write(backup, now);
      // What is loaded stays as it is: the new contents are seen when the file is loaded again.
      await store.write(file, hive);
    },
  };

  async function privileged(
    handle: KeyHandle,
    privilege: string,
    context: CallContext,
  ): Promise<UsedKey> {
    const used = await useKey(served, context, handle, 0);
    demandPrivilege(served.token(context.caller), privilege);
    return used;
  }

  async function save(
    handle: KeyHandle,
    file: RpcUnicodeString,
    attributes: RpcSecurityAttributes | null,
    ofPerformance: number,
    context: CallContext,
  ): Promise<void> {
    const { key, path } = await privileged(handle, "SeBackupPrivilege", context);
    if (isPerformance(path)) throw new RpcError(ofPerformance);
    if (path.length === 1 && roots.has(path[0] ?? ""))
      throw new RpcError(Status.ERROR_ACCESS_DENIED);
    // Files here have no descriptors; one that is none is refused all the same.
    givenDescriptor(attributes);
    const name = fileName(file);
    const store = hivesOf();
    if ((await store.read(name)) !== null) throw new RpcError(Status.ERROR_ALREADY_EXISTS);
    const hive = await hiveOf(key);
    if (hive === null) throw new RpcError(Status.ERROR_KEY_DELETED);
    await store.write(name, hive);
  }

  function hivesOf(): HiveStore {
    if (served.hives === null) throw new RpcError(Status.ERROR_ACCESS_DENIED);
    return served.hives;
  }

  async function readHive(name: string): Promise<Hive> {
    const hive = (await served.hives?.read(name)) ?? null;
    if (hive === null) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
    return hive;
  }

  async function below(from: Place, path: string, context: CallContext): Promise<Place> {
    const { missing, ...place } = await follow(
      onlookerOf(served, context),
      from,
      namesIn(path),
      {},
    );
    if (missing.length > 0) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
    return place;
  }

  /** Whether there is a handle to a key or one below it, other than one. */
  function isOpen(place: Place, own: KeyHandle | null, { handles }: CallContext): boolean {
    const except = own === null ? null : handles.get(served.kind, own);
    const start = `${folded(place.path)}\\`;
    return [...opened].some((one) => one !== except && `${folded(one.path)}\\`.startsWith(start));
  }
}

const empty = { name: "", type: "stable", className: null, values: [], subkeys: [] } as const;

function folded(path: readonly string[]): string {
  return path.map(fold).join("\\");
}

function fileName(file: RpcUnicodeString): string {
  const name = textIn(file);
  if (name === "" || name.includes("\0")) throw invalidParameter();
  return name;
}

function invalidParameter(): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER);
}
