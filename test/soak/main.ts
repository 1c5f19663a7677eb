/** `pnpm soak [--minutes 10]`: prints memory in MiB as it goes, then what was called; fails where something was not right. */
import { parseArgs } from "node:util";
import { soak } from "./soak.ts";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error(`error: ${values.minutes} is no number of minutes`);
  process.exit(2);
}
const { findings, tally, handles } = await soak(minutes * 60, (line) => console.log(line));
console.log(
  Object.entries({ ...tally, ...handles })
    .map(([name, n]) => `${name}: ${n}`)
    .join(", "),
);
for (const finding of findings.slice(0, 20)) console.log(`FAILED  ${finding}`);
if (findings.length > 0) process.exitCode = 1;
