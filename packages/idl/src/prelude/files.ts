/** The built-in files by name, in lower case. */

export const PRELUDE_FILES: Readonly<Record<string, string>> = {};
