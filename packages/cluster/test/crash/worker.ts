// Runs commands on the store of its argument until it is killed. Says a line when it begins, and the number of each command
// that was kept.
import { writeSync } from "node:fs";
import { openSqliteStore } from "@msrpc/cluster";
import { Load } from "./load.ts";

writeSync(1, "0\n");
const load = new Load(openSqliteStore(process.argv[2] ?? ""));
for (;;) writeSync(1, `${load.next()}\n`);
