/** "Generic Application": a program that runs as long as its resource is online. */
import type { HostedResource, HostingType, Running } from "./plugin.ts";
import { environmentOf, startProgram, wordsOf } from "./process.ts";

/**
 * Runs the private property `CommandLine` in `CurrentDirectory`. The resource fails when the program ends: its exit code or
 * signal and the last line of its standard error say why. To go offline the program and what it has started are sent SIGTERM, and
 * waited for. What a program that ends by itself leaves behind is killed. What it prints is the resource's output.
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
  const onLine = resource.printed;
  const running = await startProgram(program, args, { env, onLine, ...(cwd !== "" && { cwd }) });
  let isLeaving = false;
  void running.outcome.then((how) => {
    if (!isLeaving) resource.fail(how);
  });
  const isAlive = async (): Promise<true> => {
    if (!running.isRunning()) throw await running.outcome;
    return true;
  };
  return {
    async offline() {
      isLeaving = true;
      await running.stop();
    },
    async terminate() {
      isLeaving = true;
      running.kill();
      await running.ended;
    },
    looksAlive: isAlive,
    isAlive,
  };
}
