/** "Generic Service": a service of the machine, which is a unit of systemd, or where there is none a program. */
import { existsSync } from "node:fs";
import { runAsLong } from "./generic-application.ts";
import type { HostedResource, HostingType, Running } from "./plugin.ts";
import { runProgram, wordsOf } from "./process.ts";

export interface GenericServiceOptions {
  /** The program that asks systemd; null where services are programs. Default: "systemctl" where systemd runs. */
  readonly systemctl?: string | null;
}

/** Is there where systemd has started the machine (sd_booted(3)). */
const sign = "/run/systemd/system";

/**
 * Starts and stops the unit that the private property `ServiceName` names; it has failed when the unit is not active. Where
 * systemd doesn't run, `ServiceName` is a command line, to which the words of `StartupParameters` are added, and runs
 * as a Generic Application does; units have no such parameters.
 */
export function genericService({
  systemctl = existsSync(sign) ? "systemctl" : null,
}: GenericServiceOptions = {}): HostingType {
  return {
    type: "Generic Service",
    async online(resource, signal) {
      const name = resource.text("ServiceName");
      if (name === "") throw new TypeError("a Generic Service needs a ServiceName");
      if (systemctl !== null) return await runUnit(systemctl, name, signal, resource.givenUp);
      return await runAsLong(resource, commandOf(resource, name));
    },
  };
}

function commandOf({ text }: HostedResource, name: string): string[] {
  return [...wordsOf(name), ...wordsOf(text("StartupParameters"))];
}

async function runUnit(
  systemctl: string,
  name: string,
  signal: AbortSignal,
  givenUp: AbortSignal,
): Promise<Running> {
  if (!/^[\w@.:\\][\w@.:\\-]*$/.test(name)) throw new TypeError(`${name} is no name of a unit`);
  const { env } = process;
  const ask = (until: AbortSignal, ...verb: readonly string[]): Promise<void> =>
    runProgram(systemctl, [...verb, name], { env, signal: until });
  const looks = new AbortController();
  const leaving = new AbortController();
  const isActive = async (): Promise<boolean> => {
    await ask(looks.signal, "is-active", "--quiet");
    return true;
  };
  await ask(signal, "start");
  let isOver = false;
  return {
    async offline() {
      looks.abort();
      await ask(leaving.signal, "stop");
      isOver = true;
    },
    async terminate() {
      looks.abort();
      leaving.abort();
      if (isOver) return;
      isOver = true;
      // A unit that is killed would be started again by systemd where it is told to.
      for (const verb of [["kill", "--signal=SIGKILL"], ["stop"]]) {
        await ask(givenUp, ...verb).catch(() => undefined);
      }
    },
    looksAlive: isActive,
    isAlive: isActive,
  };
}
