// A million damaged PDU streams, at a server's connections, at its logons and at a client's.
import { attackClient, attackServer, randomFrom } from "../../packages/rpc/test/support/hostile.ts";
import { attackGroup } from "../../packages/rpc/test/support/hostile-network.ts";
import { attackLogons } from "./hostile/authenticated.ts";
import { check, demand, expectNone } from "./support/report.ts";

const seed = Number(process.env.SEED ?? 1);
const unhandled: unknown[] = [];
process.on("unhandledRejection", (error) => unhandled.push(error));

/** In parts, so that memory can be looked at between them. */
async function attack(kind: typeof attackServer, streams: number): Promise<string> {
  const parts = 20;
  const random = randomFrom(seed);
  let ended = 0;
  let early = 0;
  let peak = 0;
  for (let part = 0; part < parts; part++) {
    const outcome = await kind(streams / parts, random);
    expectNone(outcome.mistakes.map(String));
    ended += outcome.ended;
    const used = process.memoryUsage().rss / 2 ** 20;
    if (part < 4) early = Math.max(early, used);
    peak = Math.max(peak, used);
  }
  expectNone(unhandled.map(String));
  demand(peak < early + 150, `memory grew from ${early.toFixed()} MiB to ${peak.toFixed()} MiB`);
  return `${streams} streams, ${ended} connections ended, at most ${peak.toFixed()} MiB`;
}

await check(`A server survives (seed ${seed})`, () => attack(attackServer, 600_000));
await check(`So do logons (seed ${seed})`, () => attack(attackLogons, 20_000));
await check(`A client survives (seed ${seed})`, () => attack(attackClient, 400_000));
await check(`A client's groups of connections survive (seed ${seed})`, () =>
  attack(attackGroup, 10_000),
);
