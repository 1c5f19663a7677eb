// A minute of 256 connections with calls of all kinds, cancelled, timed out, broken off; `pnpm soak` goes on for longer.
import { meanOf } from "../soak/memory.ts";
import { soak } from "../soak/soak.ts";
import { check, expectNone } from "./support/report.ts";

await check("A minute of 256 connections", async () => {
  const { findings, tally, handles, series } = await soak(60, () => {});
  expectNone(findings);
  const rss = meanOf(series.map(({ server }) => server.rss)).toFixed();
  return `${tally["calls"]} calls, ${handles.ranDown} handles run down, the server at ${rss} MiB`;
});
