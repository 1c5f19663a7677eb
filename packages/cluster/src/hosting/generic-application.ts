/** "Generic Application": a program that runs as long as its resource is online. */
import type { HostedResource, HostingType, Running } from "./plugin.ts";
import { environmentOf, startProgram, wordsOf } from "./process.ts";

/**
 * Runs the private property `CommandLine` in `CurrentDirectory`. The resource fails when the program ends. To go offline the
 * program is sent SIGTERM, and waited for.
 */
export const genericApplication: HostingType = {
  type: "Generic Application",
  async online(resource) {
    const words = wordsOf(resource.text("CommandLine"));
    if (words.length === 0) throw new TypeError("a Generic Application needs a CommandLine");
    return await runAsLong(resource, words);
  },
};

/** A program that is what the resource is. */
export async function runAsLong(
  resource: HostedResource,
  [program = "", ...args]: readonly string[],
): Promise<Running> {
  const cwd = resource.text("CurrentDirectory");
  const env = environmentOf(resource);
  const running = await startProgram(program, args, { env, ...(cwd !== "" && { cwd }) });
  let isLeaving = false;
  void running.ended.then(() => {
    if (!isLeaving) resource.fail();
  });
  return {
    async offline() {
      isLeaving = true;
      running.signal("SIGTERM");
      await running.ended;
    },
    terminate() {
      isLeaving = true;
      running.signal("SIGKILL");
    },
    looksAlive: () => running.isRunning(),
    isAlive: () => running.isRunning(),
  };
}
