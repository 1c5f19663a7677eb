/** "Generic Script": a program of the administrator's that does what is asked of the resource. */
import { isAbsolute } from "node:path";
import type { HostingType } from "./plugin.ts";
import { environmentOf, runProgram } from "./process.ts";

/**
 * Runs the private property `ScriptFilepath`, an absolute path of a program, with what is asked as its only argument:
 *
 * - `online`: bring it online; it is online when the script ends with 0
 * - `offline`: take it offline; it is offline when the script ends with 0, and failed otherwise
 * - `terminate`: end it at once, whatever comes of that
 * - `looksAlive`, `isAlive`: a cheap and a close look at it; it has failed where the script ends with anything but 0
 *
 * A script ends with 0 for what it has nothing to do for. What it writes last to its standard error is why it failed.
 * When nobody waits for `online` or `offline` any more, the script is killed, and `terminate` follows; one that doesn't end
 * is killed as well, before the next is begun.
 */
export const genericScript: HostingType = {
  type: "Generic Script",
  async online(resource, signal) {
    const path = resource.text("ScriptFilepath");
    if (!isAbsolute(path)) throw new TypeError("a Generic Script needs the path of its script");
    const env = environmentOf(resource);
    const run = (entry: string, until: AbortSignal): Promise<void> =>
      runProgram(path, [entry], { env, signal: until });
    // It is over, whether the script can do anything for that or not.
    const terminate = (): Promise<void> =>
      run("terminate", resource.givenUp).catch(() => undefined);
    try {
      await run("online", signal);
    } catch (error) {
      resource.fail(error);
      await terminate();
      throw error;
    }
    const looks = new AbortController();
    const leaving = new AbortController();
    const look = async (entry: string): Promise<boolean> => {
      await run(entry, looks.signal);
      return true;
    };
    let isOver = false;
    return {
      async offline() {
        looks.abort();
        await run("offline", leaving.signal);
        isOver = true;
      },
      async terminate() {
        looks.abort();
        leaving.abort();
        if (isOver) return;
        isOver = true;
        await terminate();
      },
      looksAlive: () => look("looksAlive"),
      isAlive: () => look("isAlive"),
    };
  },
};
