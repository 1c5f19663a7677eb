/** The compiler's only way to files, so that it runs in a terminal, a test or a browser alike. */

export interface Host {
  /** The text of a file, or null where there is none. */
  read(path: string): string | null;
  /**
   * The path of the file that `from` names as `path` in an import or #include: beside `from` first, then in
   * the search paths in order. Null where there is none. Case may differ, as it does on Windows, and, where
   * no name fits better, so may the `.`, `_` and `-` between words.
   */
  resolve(from: string, path: string, searchPaths: readonly string[]): string | null;
}

/** A host over files given as text by path, with `/` between folders. */
export function memoryHost(files: Readonly<Record<string, string>>): Host {
  const byCase = new Map<string, string>();
  const byWords = new Map<string, string>();
  for (const path of Object.keys(files)) {
    byCase.set(foldPath(path), path);
    byWords.set(foldWords(foldPath(path)), path);
  }
  return {
    read: (path) => (Object.hasOwn(files, path) ? (files[path] ?? null) : null),
    resolve(from, path, searchPaths) {
      const wanted = [folderOf(from), ...searchPaths].map((folder) =>
        foldPath(joinPath(folder, path)),
      );
      const exact = wanted.map((each) => byCase.get(each));
      const close = wanted.map((each) => byWords.get(foldWords(each)));
      return [...exact, ...close].find((found) => found !== undefined) ?? null;
    },
  };
}

/**
 * A file's name without case and without what stands between its words: documents import as
 * `ms-fax_faxobs.idl` what is kept as `MS-FAX.faxobs.idl`.
 */
export function foldWords(name: string): string {
  return name.toLowerCase().replace(/[._-]+/g, "-");
}

/** The folder part of a path, `""` where it has none. */
export function folderOf(path: string): string {
  const at = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return at < 0 ? "" : path.slice(0, Math.max(at, 1));
}

/** The last part of a path. */
export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** `path` seen from `folder`, with `.` and `..` resolved; an absolute path stays as it is. */
export function joinPath(folder: string, path: string): string {
  const plain = path.replaceAll("\\", "/");
  const isAbsolute = plain.startsWith("/") || /^[A-Za-z]:\//.test(plain);
  const whole = isAbsolute || folder === "" ? plain : `${folder}/${plain}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== ".." && parts.at(-1) !== "")
      parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

function foldPath(path: string): string {
  return joinPath("", path).toLowerCase();
}
