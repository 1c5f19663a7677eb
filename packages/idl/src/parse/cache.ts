/**
 * Trees kept from one compilation to the next.
 *
 * A file is preprocessed by itself: what it sees is its own text, that of the files it includes, the search
 * paths and the macros of the options, and nothing of who imports it. So its tree holds as long as all of
 * these are as they were, which is asked of the host at each use.
 */
import type { IdlFile } from "../ast.ts";
import type { Collector } from "../collect.ts";
import type { Host } from "../host.ts";
import type { SourceText } from "../span.ts";
import type { PreprocessOptions } from "../text/session.ts";

/** A tree with all that was found on the way to it. */
export interface Parsed {
  readonly file: IdlFile;
  readonly found: Pick<Collector, "diagnostics" | "leftOut">;
  /** The file and those it includes, in the order they were read. */
  readonly sources: ReadonlyMap<string, SourceText>;
}

interface Entry extends Parsed {
  readonly answers: Answers;
}

/** What the host said while a file was parsed. */
interface Answers {
  readonly reads: Map<string, string | null>;
  readonly resolves: {
    readonly asked: Parameters<Host["resolve"]>;
    readonly found: string | null;
  }[];
}

/** Kept trees; made by `createParseCache` and handed to one compilation after another. */
export interface ParseCache {
  readonly entries: Map<string, Entry>;
}

/** An empty cache. What it keeps lives as long as it does. */
export function createParseCache(): ParseCache {
  return { entries: new Map() };
}

/** The tree of a file from the cache, or else from `parse`, which must ask nobody but the host it is given. */
export function parseOnce(
  cache: ParseCache,
  path: string,
  host: Host,
  options: PreprocessOptions,
  parse: (host: Host) => Parsed | null,
): Parsed | null {
  const key = JSON.stringify([
    path,
    options.searchPaths ?? [],
    options.defines ?? {},
    options.dialect ?? "midl",
  ]);
  const known = cache.entries.get(key);
  if (known && isCurrent(known.answers, host)) return known;
  const answers: Answers = { reads: new Map(), resolves: [] };
  const parsed = parse(listening(host, answers));
  if (parsed) cache.entries.set(key, { ...parsed, answers });
  else cache.entries.delete(key);
  return parsed;
}

function isCurrent({ reads, resolves }: Answers, host: Host): boolean {
  for (const [path, text] of reads) if (host.read(path) !== text) return false;
  return resolves.every(({ asked, found }) => host.resolve(...asked) === found);
}

/** The host, with its answers written down. */
function listening(host: Host, { reads, resolves }: Answers): Host {
  return {
    read(path) {
      const text = host.read(path);
      reads.set(path, text);
      return text;
    },
    resolve(...asked) {
      const found = host.resolve(...asked);
      resolves.push({ asked, found });
      return found;
    },
  };
}
