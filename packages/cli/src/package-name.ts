/** Names of packages. */
import { UsageError } from "./usage-error.ts";

/**
 * A name as npm takes it.
 *
 * @throws UsageError for any other
 */
export function packageName(name: string): string {
  if (/^(?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/.test(name)) return name;
  throw new UsageError(`${JSON.stringify(name)} is no name for a package`);
}
