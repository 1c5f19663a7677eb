/** Which names generated code can't take, and the names it takes instead: `class_`, and `class_2` where that is taken. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What TypeScript keeps for itself in a module. */
const reservedWords = words(
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield",
);

/** What the modules of operations and descriptors import, or declare beside them. */
const importedValues = words("askedSize defineInterface operations statusNames");

/** Types without a declaration, which none can be called. */
const typeKeywords = words(
  "any bigint boolean never number object string symbol undefined unknown void",
);

/** Names of types that modules import, of global values they use, and of the table of statuses. */
const importedTypes = words(
  "ContextHandle InterfaceDescriptor InterfacePointer NdrReader NdrWriter Operation Status " +
    "Array AsyncIterable BigInt Math Number Object Pick RangeError Readonly Record Required Uint8Array",
);

/** The name, or a free one that begins with it. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  let free = `${name}_`;
  for (let i = 2; isTaken(free); i++) free = `${name}_${i}`;
  return free;
}

/** A name that may be declared in a function. */
export function asBinding(name: string): string {
  return freeName(name, (tried) => reservedWords.has(tried));
}

/** A name for a type, which is the same wherever the type is imported. */
export function asType(name: string): string {
  return freeName(
    name,
    (tried) => reservedWords.has(tried) || typeKeywords.has(tried) || importedTypes.has(tried),
  );
}

/** No name for a constant or a descriptor. */
export function isReservedValue(name: string): boolean {
  return reservedWords.has(name) || importedValues.has(name);
}

/**
 * No name for an operation: it becomes a method of clients and handlers. What every object has would be
 * found where it isn't declared, and a client with `then` would be taken for a promise.
 */
export function isReservedMethod(name: string): boolean {
  return isReservedValue(name) || name === "then" || name in Object.prototype;
}

/** What the module of a type exports for it. */
export function exportsOfType(ts: string): string[] {
  const functions = ["write", "read"].flatMap((verb) =>
    ["", "Targets", "Counts", "Body"].map((part) => `${verb}${ts}${part}`),
  );
  return [ts, ...functions, `empty${ts}`];
}

/** Files that a folder of operations has beside them, and what Windows takes for a device. */
const otherFiles =
  /^(?:index|operations|constants|requests|responses|(?:types|enums)\d*|con|prn|aux|nul|(?:com|lpt)\d)$/;

/** The name of a module, or the first numbered one that no other has. */
export function freeFile(name: string, taken: ReadonlySet<string>): string {
  const isTaken = (file: string): boolean => otherFiles.test(file) || taken.has(file);
  let free = name;
  for (let i = 2; isTaken(free); i++) free = `${name}-${i}`;
  return free;
}
