// Installs the Debian packages that a group of checks drives.
import { run, tryRun } from "./command.ts";

/** Installs what is missing; an error says what to do where that may not be. */
export function needPackages(...names: string[]): void {
  const missing = names.filter(
    (name) => !/^ii/m.test(tryRun("dpkg-query", ["-W", "-f", "${db:Status-Abbrev}", name]).stdout),
  );
  if (missing.length === 0) return;
  const options = { seconds: 300, env: { DEBIAN_FRONTEND: "noninteractive" } };
  // Others may be installing at the same time.
  const patient = ["-o", "DPkg::Lock::Timeout=240"];
  const args = [...patient, "install", "-y", "-q", "--no-install-recommends", ...missing];
  const install = (): boolean => tryRun("apt-get", args, options).status === 0;
  console.log(`        installing ${missing.join(" ")}`);
  if (install()) return;
  tryRun("apt-get", ["update", "-q"], options);
  if (install()) return;
  throw new Error(
    `These checks need Debian packages that could not be installed: ${missing.join(" ")}\n` +
      `Install them (apt-get install, as root) and run the checks again.`,
  );
}

/** The version of an installed package. */
export function packageVersion(name: string): string {
  return run("dpkg-query", ["-W", "-f", "${Version}", name]);
}
