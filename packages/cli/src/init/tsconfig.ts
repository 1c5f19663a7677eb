/** The root tsconfig.json of a workspace lists the packages that are built together. */

/**
 * The text with one more reference, before the last one; null where there is no list of references, or the
 * folder is on it already. Only the line is added: the rest stays as it is written.
 */
export function withReference(text: string | null, folder: string): string | null {
  if (text === null || text.includes(`"${folder}"`)) return null;
  const last = /^(\s*)\{ "path": "[^"]*" \}\s*\]/m.exec(text);
  if (last === null) return null;
  const line = `${last[1] ?? ""}{ "path": "${folder}" },`;
  return `${text.slice(0, last.index)}${line}\n${text.slice(last.index).replace(/^\n/, "")}`;
}
