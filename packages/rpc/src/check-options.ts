/** Checks options where types can't: they come from JavaScript, from JSON or by a cast. What is wrong is named. */
import { authLevels } from "./security.ts";

/** What an option may be. */
interface Kind {
  /** For the message: "a number from 0 on". */
  readonly what: string;
  readonly holds: (value: unknown) => boolean;
}

/** A kind for each option that there is. */
export type Kinds<Options> = { readonly [K in keyof Options]-?: Kind };

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isProvider = (value: unknown): boolean =>
  isObject(value) && typeof (value as Record<string, unknown>)["createContext"] === "function";

/** One of these texts. */
function oneOf(texts: readonly string[]): Kind {
  return { what: `one of ${texts.join(", ")}`, holds: (value) => texts.includes(value as string) };
}

/** An array of what another kind says. */
function listOf(what: string, holds: (value: unknown) => boolean): Kind {
  return { what, holds: (value) => Array.isArray(value) && value.every((each) => holds(each)) };
}

const syntaxes = oneOf(["ndr", "ndr64"]);

type KindName =
  | "level"
  | "byteOrder"
  | "syntaxes"
  | "number"
  | "text"
  | "texts"
  | "flag"
  | "object"
  | "callback"
  | "callbacks"
  | "strictness"
  | "provider"
  | "providers";

export const kinds: Readonly<Record<KindName, Kind>> = {
  level: oneOf(Object.keys(authLevels)),
  byteOrder: oneOf(["little", "big"]),
  syntaxes: listOf("an array of ndr and ndr64", syntaxes.holds),
  number: {
    what: "a number from 0 on",
    holds: (value) => typeof value === "number" && value >= 0,
  },
  text: { what: "a text", holds: isText },
  texts: listOf("an array of texts", isText),
  flag: { what: "true or false", holds: (value) => typeof value === "boolean" },
  object: { what: "an object", holds: isObject },
  callback: { what: "a function", holds: (value) => typeof value === "function" },
  callbacks: listOf("an array of functions", (value) => typeof value === "function"),
  strictness: { what: "5 or 6", holds: (value) => value === 5 || value === 6 },
  provider: {
    what: "a security provider or an array of them",
    holds: (value) =>
      isProvider(value) || (Array.isArray(value) && value.every((each) => isProvider(each))),
  },
  providers: listOf("an array of security providers", isProvider),
};

/**
 * Checks options that may be left out; an undefined one is left out.
 *
 * @throws TypeError that names an option which isn't known, or isn't what it may be
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options,
  known: Kinds<Options>,
): void {
  if (!isObject(options))
    throw new TypeError(`${owner}: ${shown(options)} is no object of options`);
  for (const [name, value] of Object.entries(options)) {
    const kind = checkName(owner, name, known);
    if (value !== undefined && !kind.holds(value)) throw unlike(owner, name, value, kind);
  }
}

/**
 * Limits with the defaults of those that aren't given.
 *
 * @throws TypeError that names a limit which isn't known, or is no number from 0 on
 */
export function withDefaultLimits<Limits extends object>(
  owner: string,
  given: Partial<Limits> = {},
  defaults: Limits,
): Limits {
  if (!isObject(given)) throw new TypeError(`${owner}: ${shown(given)} is no object of limits`);
  for (const [name, value] of Object.entries(given)) {
    checkName(owner, name, defaults);
    if (!kinds.number.holds(value)) throw unlike(owner, name, value, kinds.number);
  }
  return { ...defaults, ...given };
}

function checkName<Known extends object>(
  owner: string,
  name: string,
  known: Known,
): Known[keyof Known] {
  if (Object.hasOwn(known, name)) return known[name as keyof Known];
  const names = Object.keys(known).join(", ");
  throw new TypeError(`${owner}: there is no option ${name}, only ${names}`);
}

function unlike(owner: string, name: string, value: unknown, { what }: Kind): TypeError {
  return new TypeError(`${owner}: ${name} is ${shown(value)}, and must be ${what}`);
}

/** Objects may hold secrets, and are not shown. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
