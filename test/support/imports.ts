// What a module's text imports, in every form that an import has.

const forms: readonly RegExp[] = [
  /^\s*(?:import|export)\b[^"'`;()]*?\bfrom\s*(["'])(.+?)\1/gm,
  /^\s*import\s*(["'])(.+?)\1/gm,
  /\b(?:import|require)\s*\(\s*(["'])(.+?)\1/g,
];

/** The specifiers of a module; `?` for one that is worked out at run time. */
export function specifiersIn(text: string): string[] {
  // Text between backquotes may be code that is generated.
  const code = text.replace(/\/\*.*?\*\//gs, "").replace(/^\s*\/\/.*/gm, "");
  const plain = code.replace(/`[^`]*`/g, "``");
  const found = forms.flatMap((form) =>
    Array.from(plain.matchAll(form), ([, , name = ""]) => name),
  );
  const isWorkedOut = /\b(?:import|require)\s*\(\s*[^"'\s]/.test(plain);
  return isWorkedOut ? [...found, "?"] : found;
}
