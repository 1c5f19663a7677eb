/** Watches source files through their folders: editors replace files, and a file that was missing may come. */
import { existsSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** What a compilation may begin to read without having read it before: an import, an ACF, an overlay. */
const isSource = /\.(?:idl|acf|h|overlay\.json)$/i;

/** Calls back after a change of one of the files, or of another source in their folders; the result ends the watch. */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  const byFolder = Map.groupBy(paths, (path) => folderAt(dirname(path)));
  const watchers = [...byFolder].map(([folder, files]): FSWatcher => {
    const names = new Set(files.map((path) => basename(path)));
    const watcher = watch(folder, (_, name) => {
      if (name === null || names.has(name) || isSource.test(name)) changed();
    });
    // The folder itself has gone.
    return watcher.on("error", changed);
  });
  return () => watchers.forEach((watcher) => watcher.close());
}

/** The folder, or the innermost around it that is there. */
function folderAt(path: string): string {
  const folder = resolve(path);
  return existsSync(folder) || dirname(folder) === folder ? folder : folderAt(dirname(folder));
}
