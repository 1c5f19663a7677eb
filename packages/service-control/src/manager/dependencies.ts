/** Which services need which ([MS-SCMR] 3.1.1, 3.1.4.13). */
import { upcase } from "@msrpc/auth";
import type { Service } from "./service.ts";

/** The form in which names are the same that differ in case alone. */
export const fold: (name: string) => string = upcase;

/** The services that others name as dependencies: by name, or all of a group. */
export function needed(
  services: ReadonlyMap<string, Service>,
  dependencies: readonly string[],
): readonly Service[] {
  return dependencies.flatMap((name) => {
    if (name.startsWith("+")) return membersOf(services, name.slice(1));
    const one = services.get(fold(name));
    return one === undefined ? [] : [one];
  });
}

export function membersOf(services: ReadonlyMap<string, Service>, group: string): Service[] {
  return [...services.values()].filter(({ config }) => fold(config.group) === fold(group));
}

/** Whether a service would need itself with such dependencies, over others or at once. */
export function isCircular(
  services: ReadonlyMap<string, Service>,
  name: string,
  group: string,
  dependencies: readonly string[],
): boolean {
  const own = fold(name);
  const isOwn = (other: string): boolean =>
    other.startsWith("+")
      ? group !== "" && fold(other.slice(1)) === fold(group)
      : fold(other) === own;
  const seen = new Set<Service>();
  const open = [dependencies];
  for (let list; (list = open.pop()) !== undefined;) {
    if (list.some(isOwn)) return true;
    for (const service of needed(services, list)) {
      if (seen.has(service)) continue;
      seen.add(service);
      open.push(service.config.dependencies);
    }
  }
  return false;
}

/** The services that need one, those that need them before them: who is stopped from first to last breaks nothing. */
export function dependentsOf(services: ReadonlyMap<string, Service>, service: Service): Service[] {
  const found = new Set<Service>();
  const visit = (one: Service): void => {
    for (const other of directDependents(services, one)) {
      if (other === service || found.has(other)) continue;
      visit(other);
      found.add(other);
    }
  };
  visit(service);
  return [...found];
}

export function directDependents(
  services: ReadonlyMap<string, Service>,
  { name, config: { group } }: Service,
): Service[] {
  const names = new Set([fold(name), ...(group === "" ? [] : [`+${fold(group)}`])]);
  return [...services.values()].filter(({ config }) =>
    config.dependencies.some((other) => names.has(fold(other))),
  );
}
