/** The one seam to the outside: files, streams and the clock. Commands take it, tests give their own. */
import {
  createWriteStream,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";
import type { Writable } from "node:stream";
import { updateAccountFile } from "@msrpc/auth";
import { readSecrets } from "./secret-input.ts";
import { watchFiles } from "./watch.ts";

export interface Io {
  /** Colour and progress lines are for a terminal only. */
  readonly isTerminal: boolean;
  /** What paths are relative to, for messages. */
  readonly folder: string;
  out(text: string): void;
  err(text: string): void;
  /** Null where there is no such file. Paths are relative to the working folder. */
  read(path: string): string | null;
  /** The same as octets. */
  readOctets(path: string): Uint8Array | null;
  isFile(path: string): boolean;
  isFolder(path: string): boolean;
  write(path: string, text: string): void;
  remove(path: string): void;
  /** Replaces a file by its changed text in one go, for its owner alone to read; one that is not there is empty. */
  replacePrivate(path: string, change: (text: string) => string): Promise<void>;
  /** A variable of the environment. */
  env(name: string): string | undefined;
  /** What is typed after each question, unseen; a line of the input alone where it is no terminal. */
  secrets(questions: readonly string[]): Promise<readonly string[]>;
  /**
   * Files below a folder, relative to it, with `/` between folders; none where there is no such folder. What links
   * lead to, and `node_modules`, is left out.
   */
  list(folder: string): string[];
  /** Names of what stands in a folder. */
  names(folder: string): string[];
  now(): number;
  /** A new file that only its owner may read. */
  writeStream(path: string): Writable;
  /** Resolves when somebody interrupts, which then ends nothing by itself. */
  interrupted(): Promise<void>;
  /** Calls back after a change of one of the files or of another source beside them; the result ends the watch. */
  watch(paths: readonly string[], changed: () => void): () => void;
}

/** The real thing. */
export function nodeIo(): Io {
  const cwd = process.cwd();
  const at = (path: string): string => resolve(cwd, path);
  return {
    isTerminal: process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
    folder: cwd,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    read: (path) => orNull(() => readFileSync(at(path), "utf8")),
    readOctets: (path) => orNull(() => readFileSync(at(path))),
    isFile: (path) => statSync(at(path), { throwIfNoEntry: false })?.isFile() ?? false,
    isFolder: (path) => statSync(at(path), { throwIfNoEntry: false })?.isDirectory() ?? false,
    write(path, text) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text);
    },
    remove: (path) => rmSync(at(path), { force: true }),
    replacePrivate: (path, change) => updateAccountFile(at(path), change),
    env: (name) => process.env[name],
    secrets: (questions) =>
      readSecrets(process.stdin, (text) => void process.stderr.write(text), questions),
    list: (folder) => filesBelow(at(folder), ""),
    names: (folder) => orNull(() => readdirSync(at(folder))) ?? [],
    now: () => performance.now(),
    writeStream: (path) => createWriteStream(at(path), { mode: 0o600 }),
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      }),
    watch: (paths, changed) => watchFiles(paths.map(at), changed),
  };
}

/** A missing file or folder is an answer; any other failure is the caller's to hear of. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return null;
    throw error;
  }
}

/** Paths from the folder. Links and installed packages are not of the folder. */
function filesBelow(folder: string, prefix: string): string[] {
  const entries = orNull(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    if (entry.isFile()) return [prefix + entry.name];
    if (!entry.isDirectory() || entry.name === "node_modules") return [];
    return filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`);
  });
}

/** The files as they will be, with texts that are not written yet. */
export function overlaid(io: Io, texts: ReadonlyMap<string, string>): Io {
  return {
    ...io,
    isFile: (path) => texts.has(normalize(path)) || io.isFile(path),
    read: (path) => texts.get(normalize(path)) ?? io.read(path),
  };
}
