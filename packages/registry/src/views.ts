/** Two views of one tree: what programs of 32 bits see in place of some keys ([MS-RRP] 3.1.1.4). */
import { fold } from "./names.ts";

const software = "SOFTWARE";
const classes = "CLASSES";
/** Where the view of 32 bits is kept in that of 64. */
const node = "Wow6432Node";
const foldedNode = fold(node);

/**
 * Where a path from a root leads. A path that begins as one of `shared` is the same in both views.
 *
 * `HKLM\Software\Wow6432Node\Classes` is `HKLM\Software\Classes\Wow6432Node` in either of them.
 */
export function inView(
  path: readonly string[],
  is32: boolean,
  shared: readonly string[],
): readonly string[] {
  const folded = path.map(fold);
  const start = classesStart(folded) ?? softwareStart(folded);
  if (start === null) return path;
  const [first, second] = folded.slice(start);
  const isMachine = folded[0] === "HKEY_LOCAL_MACHINE";
  if (isMachine && first === foldedNode && second === classes) {
    return [...path.slice(0, start), "Classes", node, ...path.slice(start + 2)];
  }
  if (!is32 || first === foldedNode || isShared(folded, shared)) return path;
  return [...path.slice(0, start), node, ...path.slice(start)];
}

/** Behind the names that lead to keys of programs; null for other paths. */
function softwareStart([root, first, second]: readonly string[]): number | null {
  if (root === "HKEY_LOCAL_MACHINE" && first === software) return 2;
  return root === "HKEY_USERS" && second === software ? 3 : null;
}

/** Behind those that lead to classes. */
function classesStart(folded: readonly string[]): number | null {
  if (folded[0] === "HKEY_CLASSES_ROOT") return 1;
  const start = softwareStart(folded);
  return start !== null && folded[start] === classes ? start + 1 : null;
}

function isShared(folded: readonly string[], shared: readonly string[]): boolean {
  const path = `${folded.join("\\")}\\`;
  return shared.some((other) => path.startsWith(`${fold(other)}\\`));
}
