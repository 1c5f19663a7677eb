/** What the cluster lets others see of its process's environment, in which operators keep secrets too. */
import type { Environment } from "./expand.ts";

/** Of POSIX and of Windows; those of the language are known by their beginning. */
const shared: ReadonlySet<string> = new Set(
  (
    "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR " +
    "SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT TEMP TMP " +
    "PROGRAMFILES PROGRAMDATA USERPROFILE COMPUTERNAME"
  ).split(" "),
);

/** The variables that programs of resources start with, and that EXPAND_SZ values may name: clients read what these become. */
export function sharedVariables(environment: Environment): Readonly<Record<string, string>> {
  const isShared = (name: string): boolean => shared.has(name) || name.startsWith("LC_");
  const found = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && isShared(name.toUpperCase()) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(found);
}
