/** An `Io` over a map of files, for tests: what was printed and written can be looked at. */
import { PassThrough } from "node:stream";
import type { Io } from "../src/io.ts";

export interface MemoryIo extends Io {
  readonly files: Map<string, string>;
  /** Files that are no text. */
  readonly octets: Map<string, Uint8Array>;
  readonly printed: { out: string; err: string };
  /** Ends what runs until it is interrupted. */
  interrupt(): void;
  /** Resolves with the binding that a server listens at, as it prints it. */
  readonly listening: Promise<string>;
}

/** `typed`: what comes for secrets. `environment`: its variables. */
export function memoryIo(
  files: Readonly<Record<string, string>>,
  typed: string[] = [],
  environment: Readonly<Record<string, string>> = {},
): MemoryIo {
  const map = new Map(Object.entries(files));
  const octets = new Map<string, Uint8Array>();
  const printed = { out: "", err: "" };
  const interrupted = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<string>();
  const plain = (path: string): string => path.replace(/^\.\//, "");
  const below = (folder: string): string[] => {
    const prefix = folder === "." || folder === "" ? "" : `${plain(folder)}/`;
    return [...map.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length));
  };
  return {
    files: map,
    octets,
    printed,
    isTerminal: false,
    folder: "/here",
    interrupt: interrupted.resolve,
    interrupted: () => interrupted.promise,
    listening: listening.promise,
    out(text) {
      printed.out += text;
      const binding = /^Listening at (.*)$/m.exec(text)?.[1];
      if (binding !== undefined) listening.resolve(binding);
    },
    writeStream(path) {
      const chunks: Uint8Array[] = [];
      const stream = new PassThrough();
      stream.on("data", (chunk: Uint8Array) => {
        chunks.push(chunk);
        octets.set(plain(path), new Uint8Array(Buffer.concat(chunks)));
      });
      return stream;
    },
    err: (text) => void (printed.err += text),
    read: (path) => map.get(plain(path)) ?? null,
    readOctets: (path) => octets.get(plain(path)) ?? null,
    isFile: (path) => map.has(plain(path)),
    isFolder: (path) => below(path).length > 0,
    write: (path, text) => void map.set(plain(path), text),
    remove: (path) => void map.delete(plain(path)),
    async replacePrivate(path, change) {
      map.set(plain(path), change(map.get(plain(path)) ?? ""));
    },
    env: (name) => environment[name],
    secrets: (questions) => Promise.resolve(typed.splice(0, questions.length)),
    list: below,
    names: (folder) => [...new Set(below(folder).map((path) => path.split("/")[0] ?? ""))],
    now: () => 0,
    watch: () => () => undefined,
  };
}
