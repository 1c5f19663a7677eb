/** The form of string bindings ([C706] 3.1, [MS-RPCE] 2.2.1.1), whatever protocol they are of. */
import { isUuid } from "@msrpc/ndr";

/** What `[object@]protocol:[host][[part,...]]` consists of, and where in the text each begins, from 0. */
export interface BindingText {
  /** Object UUID before an `@`; null without one. */
  readonly object: string | null;
  readonly protocol: string;
  readonly protocolAt: number;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly hostAt: number;
  readonly parts: readonly BindingPart[];
  readonly partsAt: number;
}

/** What stands between two commas in the brackets: `name=value`, or a text of which `name` is the lower case. */
export interface BindingPart {
  readonly at: number;
  readonly text: string;
  readonly name: string;
  readonly value: string | null;
}

/** Text that is no string binding. */
export class BindingError extends SyntaxError {
  override readonly name = "BindingError";
  /** Where in the text it goes wrong, from 0. */
  readonly position: number;

  constructor(text: string, position: number, problem: string) {
    super(`${problem}, at character ${position + 1} of the binding ${text}`);
    this.position = position;
  }
}

/** @throws BindingError */
export function splitBinding(text: string): BindingText {
  const colon = text.indexOf(":");
  if (colon === -1) throw new BindingError(text, 0, "there is no protocol before a colon");
  const at = text.lastIndexOf("@", colon);
  const object = at === -1 ? null : text.slice(0, at).toLowerCase();
  if (object !== null && !isUuid(object)) {
    throw new BindingError(text, 0, `${object} is no object UUID`);
  }
  const { host, end } = hostOf(text, colon + 1);
  return {
    object,
    protocol: text.slice(at + 1, colon),
    protocolAt: at + 1,
    host,
    hostAt: colon + 1,
    parts: partsOf(text, end),
    partsAt: end,
  };
}

/** A host as it stands in a binding: an IPv6 address has brackets. */
export function bindingHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** A text as a part of its own in the brackets, or as the name of an option: what would end it gets a backslash. */
export function bindingPart(text: string): string {
  return bindingValue(text).replaceAll("=", "\\=");
}

/** A text as the value of an option. */
export function bindingValue(text: string): string {
  return text.replace(/[,\]]|\\(?=[\\,\]=]|$)/g, "\\$&");
}

/** The host from `start` on, and where what follows begins. */
function hostOf(text: string, start: number): { readonly host: string; readonly end: number } {
  const inBrackets = /^\[([0-9a-f.]*:[0-9a-z:.%_-]*)\]/i.exec(text.slice(start));
  if (inBrackets !== null) {
    const [whole, host = ""] = inBrackets;
    return { host, end: start + whole.length };
  }
  const bracket = text.indexOf("[", start);
  const end = bracket === -1 ? text.length : bracket;
  return { host: text.slice(start, end), end };
}

/** A backslash is one, as in names of pipes, but where what is behind it would mean something without it. */
const escapable: ReadonlySet<string | undefined> = new Set(["\\", ",", "]", "="]);

/** What stands in the brackets that start at `start`, between its commas. */
function partsOf(text: string, start: number): BindingPart[] {
  if (start === text.length) return [];
  if (text[start] !== "[") throw new BindingError(text, start, "behind the host comes a bracket");
  const parts: BindingPart[] = [];
  let [part, at, equals] = ["", start + 1, -1];
  for (let i = start + 1; i < text.length; i++) {
    const character = text[i];
    if (character === "," || character === "]") {
      parts.push(partOf(part, at, equals));
      [part, at, equals] = ["", i + 1, -1];
      if (character === ",") continue;
      if (i === text.length - 1) return parts;
      throw new BindingError(text, i + 1, "nothing comes behind the closing bracket");
    }
    if (character === "=" && equals === -1) equals = part.length;
    if (character === "\\" && escapable.has(text[i + 1])) i++;
    part += text[i] ?? "";
  }
  throw new BindingError(text, text.length, "the closing bracket is missing");
}

function partOf(text: string, at: number, equals: number): BindingPart {
  if (equals === -1) return { at, text: text.trim(), name: text.trim().toLowerCase(), value: null };
  const name = text.slice(0, equals).trim().toLowerCase();
  return { at, text: text.trim(), name, value: text.slice(equals + 1).trim() };
}
