/** Where keys are: from predefined keys along names, through symbolic links and views ([MS-RRP] 3.1.1.4, 3.1.1.7, 3.1.1.11). */
import { Status } from "@msrpc/ms-rrp";
import { RpcError } from "@msrpc/rpc";
import { mergedKey } from "./merged.ts";
import { deepest, fold, namesIn } from "./names.ts";
import { type Registry, type RegistryKey, valueTypes } from "./registry.ts";
import { inView } from "./views.ts";

/** A key and the names that lead to it, the first one that of a root. */
export interface Place {
  readonly key: RegistryKey;
  readonly path: readonly string[];
}

/** Who looks, and at what: users have trees of their own. */
export interface Onlooker {
  readonly registry: Registry;
  /** SID; null where it isn't known. */
  readonly user: string | null;
  /** Paths that are the same in both views. */
  readonly shared: readonly string[];
}

export interface Way {
  /** In the view of programs of 32 bits. Default: false. */
  readonly is32?: boolean;
  /** Where the last key is a link, that one, and not what it leads to. Default: false. */
  readonly toLink?: boolean;
}

/** The last key that there is on a way, and the names that lead on from it to one that isn't there. */
export interface Found extends Place {
  readonly missing: readonly string[];
}

const currentConfig = ["SYSTEM", "CurrentControlSet", "Hardware Profiles", "Current"];
/** As Windows has it. */
const longestChain = 64;
const linkValue = "SymbolicLinkValue";
const kernelNames: Readonly<Record<string, string>> = {
  MACHINE: "HKEY_LOCAL_MACHINE",
  USER: "HKEY_USERS",
};

/** The key of a predefined name. @throws RpcError ERROR_FILE_NOT_FOUND where there is none */
export async function rootPlace(onlooker: Onlooker, name: string): Promise<Place> {
  const { registry, user } = onlooker;
  switch (name) {
    case "HKEY_CLASSES_ROOT": {
      const machine = await existing(onlooker, ["HKEY_LOCAL_MACHINE", "SOFTWARE", "Classes"]);
      const own = await existing(onlooker, ["HKEY_USERS", await profile(), "Software", "Classes"]);
      return present(mergedKey(own?.key ?? null, machine?.key ?? null), [name]);
    }
    case "HKEY_CURRENT_USER":
      return found(await existing(onlooker, ["HKEY_USERS", await profile()]));
    case "HKEY_CURRENT_CONFIG":
      return found(await existing(onlooker, ["HKEY_LOCAL_MACHINE", ...currentConfig]));
    case "HKEY_LOCAL_MACHINE":
    case "HKEY_USERS":
    case "HKEY_PERFORMANCE_DATA":
    case "HKEY_PERFORMANCE_TEXT":
    case "HKEY_PERFORMANCE_NLSTEXT":
      return present(await registry.root(name), [name]);
    default:
      throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  }

  /** Who has no tree of their own gets that of nobody in particular, as in Windows. */
  async function profile(): Promise<string> {
    const users = await registry.root("HKEY_USERS");
    return user !== null && (await users?.subkey(user)) ? user : ".DEFAULT";
  }
}

function present(key: RegistryKey | null, path: readonly string[]): Place {
  if (key === null) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  return { key, path };
}

function found(place: Place | null): Place {
  if (place === null) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  return place;
}

async function existing(onlooker: Onlooker, path: readonly string[]): Promise<Place | null> {
  const [root = "", ...names] = path;
  const { missing, ...place } = await follow(onlooker, await rootPlace(onlooker, root), names, {});
  return missing.length === 0 ? place : null;
}

/**
 * Where names lead from a key.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER for links that lead nowhere, or on and on, and for what is too deep
 */
export async function follow(
  onlooker: Onlooker,
  from: Place,
  names: readonly string[],
  way: Way,
): Promise<Found> {
  let at = from;
  let left = names;
  /** Names behind the first link: those may be missing, what a link leads to may not. */
  let behind = Infinity;
  for (let chain = 0; chain <= longestChain; chain++) {
    const plain = [...at.path, ...left];
    if (plain.length > deepest) throw nowhere();
    // A handle's own key is what it is, in whichever view.
    const path = left.length === 0 ? plain : inView(plain, way.is32 === true, onlooker.shared);
    if (path !== plain) {
      at = await rootPlace(onlooker, path[0] ?? "");
      left = path.slice(1);
    }
    const step = await descend(at, left, way.toLink === true);
    if (step.link === null) {
      if (step.missing.length > behind) throw nowhere();
      return step;
    }
    behind = Math.min(behind, step.missing.length);
    const [root = "", ...target] = await targetOf(step.link);
    at = await rootPlace(onlooker, root);
    left = [...target, ...step.missing];
  }
  throw nowhere();
}

interface Step extends Found {
  /** The link that has to be followed before `missing`. */
  readonly link: RegistryKey | null;
}

async function descend(from: Place, names: readonly string[], toLink: boolean): Promise<Step> {
  let { key } = from;
  const path = [...from.path];
  for (const [index, name] of names.entries()) {
    const below = await key.subkey(name);
    if (below === null) return { key, path, missing: names.slice(index), link: null };
    const isLast = index === names.length - 1;
    if (below.type === "link" && !(isLast && toLink)) {
      return { key, path, missing: names.slice(index + 1), link: below };
    }
    key = below;
    path.push(below.name);
  }
  return { key, path, missing: [], link: null };
}

/** The path that a link has as its value: `\Registry\Machine\...`, in UTF-16 without a terminator. */
async function targetOf(link: RegistryKey): Promise<string[]> {
  const value = await link.value(linkValue);
  if (value === null || value.type !== valueTypes.link) throw nowhere();
  const text = new TextDecoder("utf-16le").decode(value.data);
  const [, registry = "", tree = "", ...names] = text.split("\\");
  const root = kernelNames[fold(tree)];
  if (root === undefined || fold(registry) !== "REGISTRY") throw nowhere();
  return [root, ...namesIn(names.join("\\"))];
}

function nowhere(): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "a link leads nowhere" });
}
