/** Names that types go by in the plan, and the other names that plain typedefs give them. */
import type {
  EnumSymbol,
  Program,
  StructSymbol,
  Type,
  TypedefSymbol,
  UnionSymbol,
} from "@msrpc/idl";

export type TagSymbol = StructSymbol | UnionSymbol | EnumSymbol;

export interface TypeNames {
  /** The name of a structure, union or enumeration: the same for two that are one, unique otherwise. */
  readonly of: (symbol: TagSymbol) => string;
  /** A name that no type has yet, as near to the one wanted as can be. */
  readonly claim: (wanted: string) => string;
  /** Typedefs that are nothing but another name for the type, in order of declaration. */
  readonly aliases: (symbol: TagSymbol) => readonly string[];
  /** Those typedefs themselves: their attributes may be meant for the type (`typedef [v1_enum] enum`). */
  readonly typedefs: (symbol: TagSymbol) => readonly TypedefSymbol[];
}

/** The structure, union or enumeration that a type is, through typedefs; null for anything else. */
export function tagOf(type: Type): TagSymbol | null {
  if (type.kind === "typedef") return tagOf(type.symbol.type);
  return type.kind === "struct" || type.kind === "union" || type.kind === "enum"
    ? type.symbol
    : null;
}

export function typeNames(program: Program): TypeNames {
  const typedefs = new Map<TagSymbol, TypedefSymbol[]>();
  for (const symbol of program.types) {
    if (symbol.kind !== "typedef") continue;
    const tag = tagOf(symbol.type);
    if (!tag) continue;
    const known = typedefs.get(tag);
    if (known) known.push(symbol);
    else typedefs.set(tag, [symbol]);
  }
  const names = new Map<TagSymbol, string>();
  const taken = new Set<string>();

  function claim(wanted: string): string {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  }

  return {
    of(symbol) {
      const known = names.get(symbol);
      if (known !== undefined) return known;
      const name = claim(symbol.name);
      names.set(symbol, name);
      return name;
    },
    claim,
    aliases: (symbol) => {
      const others = (typedefs.get(symbol) ?? []).map((typedef) => typedef.name);
      return [...new Set(others)].filter((name) => name !== symbol.name);
    },
    typedefs: (symbol) => typedefs.get(symbol) ?? [],
  };
}
