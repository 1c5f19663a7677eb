/** Our client calls our server in every combination, with a little load; `pnpm interop matrix` has the heavy ones. */
import { expect, test } from "vitest";
import { combinations, ntlm } from "./axes.ts";
import { type Load, matrixServer, run } from "./load.ts";

const sizes = [1432, 65_528];
const little: Load = { connections: 2, inFlight: 8, calls: 24, payload: (call) => call * 331 };
const many: Load = { connections: 64, inFlight: 1000, calls: 2000, payload: (call) => call % 300 };

const large: Load = { connections: 1, inFlight: 1, calls: 1, payload: () => 16 << 20 };

for (const size of sizes) {
  test.each(combinations([ntlm], [size]))("$name", async (combination) => {
    await using server = await matrixServer([ntlm], size);
    await run(server.binding, combination, little);
    expect(server.errors).toEqual([]);
  });
}

const smallest = combinations([ntlm], [1432]).filter(({ name }) =>
  /^(?:unprotected|spnego with ntlm privacy), ndr little/.test(name),
);

test.each(smallest)("64 connections with 1,000 calls in flight: $name", async (combination) => {
  await using server = await matrixServer([ntlm], 1432);
  await run(server.binding, combination, many);
  expect(server.errors).toEqual([]);
});

test.each(smallest)("16 MiB in a call: $name", async (combination) => {
  await using server = await matrixServer([ntlm], 65_528);
  await run(server.binding, combination, large);
  expect(server.errors).toEqual([]);
});
