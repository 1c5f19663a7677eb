/**
 * Dependency expressions ([MS-CMRP] 3.1.4.2.109): resources or parenthesised alternatives, tied by "and". The keywords
 * may be in capitals, and parentheses around a single resource may be left out, as in section 4.4.
 */

/** One of each set is needed. Members are names or IDs, as they are written. */
export type ProviderSets = readonly (readonly string[])[];

const token = /\s*(?:(?<mark>[(){}])|(?<word>and|or)(?=[\s([]|$)|\[(?<name>[^\]]+)\])/giy;

type Token = { readonly mark: string } | { readonly name: string };

/** Null for what is no expression. The empty one needs nothing. */
export function parseExpression(text: string): ProviderSets | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  if (tokens.length === 0) return [];
  const alone = alternatives(tokens);
  if (alone !== null) return [alone];
  const sets = splitAt(tokens, "and").map(term);
  return sets.every((set) => set !== null) ? sets : null;
}

/**
 * Expressions of groups and of group sets ([MS-CMRP] 3.1.4.2.157, 3.1.4.2.159): all that is named is needed. Parentheses
 * and braces mean nothing, but come in pairs. Gives each name once, as it is written; null for what is no such expression.
 */
export function parseConjunction(text: string): readonly string[] | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  if (tokens.length === 0) return [];
  const names = new Set<string>();
  const open: string[] = [];
  let isDue = true;
  for (const one of tokens) {
    if ("name" in one) {
      if (!isDue) return null;
      names.add(one.name);
      isDue = false;
    } else if (one.mark === "(" || one.mark === "{") {
      if (!isDue) return null;
      open.push(one.mark === "(" ? ")" : "}");
    } else if (one.mark === "and") {
      if (isDue) return null;
      isDue = true;
    } else if (isDue || open.pop() !== one.mark) return null;
  }
  return isDue || open.length > 0 ? null : [...names];
}

function tokensOf(text: string): Token[] | null {
  const rest = text.trimEnd();
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < rest.length) {
    const groups = token.exec(rest)?.groups;
    if (groups === undefined) return null;
    const { mark, word, name } = groups;
    tokens.push(name === undefined ? { mark: mark ?? word?.toLowerCase() ?? "" } : { name });
  }
  return tokens;
}

/** `[a]`, or `([a] or [b])`. */
function term(tokens: readonly Token[]): readonly string[] | null {
  const [only] = tokens;
  if (tokens.length === 1) return only !== undefined && "name" in only ? [only.name] : null;
  if (!isMark(only, "(") || !isMark(tokens.at(-1), ")")) return null;
  return alternatives(tokens.slice(1, -1));
}

/** `[a] or [b]`. */
function alternatives(tokens: readonly Token[]): readonly string[] | null {
  const names = splitAt(tokens, "or").map(([only, ...more]) =>
    only !== undefined && "name" in only && more.length === 0 ? only.name : null,
  );
  return names.every((name) => name !== null) ? names : null;
}

function splitAt(tokens: readonly Token[], mark: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const one of tokens) {
    if (isMark(one, mark)) parts.push([]);
    else parts.at(-1)?.push(one);
  }
  return parts;
}

function isMark(one: Token | undefined, mark: string): boolean {
  return one !== undefined && "mark" in one && one.mark === mark;
}
