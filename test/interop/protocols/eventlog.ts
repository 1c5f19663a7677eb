// MS-EVEN6: Samba takes queries and keeps no events, so that what it answers is empty.
import { eventService } from "@msrpc/ms-even6";
import { check, demand } from "../support/report.ts";
import { clientOf, equal, failureOf, type Server } from "./talk.ts";

/** EvtQueryChannelName, and from the oldest event on. */
const fromOldest = 0x101;

export async function checkEventLog(server: Server): Promise<void> {
  await using log = clientOf(server, eventService);

  await check("EVEN6: a query and its events", async () => {
    const query = await log.registerLogQuery({ path: "System", query: "*", flags: fromOldest });
    const { handle: logQuery, opControl, error } = query;
    demand(logQuery !== null && opControl !== null, "no handles");
    equal("error", error.mError, 0);
    const next = await log.queryNext({
      logQuery,
      numRequestedRecords: 10,
      timeOutEnd: 1000,
      flags: 0,
    });
    equal("events", next.eventDataIndices?.length ?? 0, 0);
    return "no events";
  });

  await check("EVEN6: what Samba doesn't serve", async () => {
    const handle = await log.registerLogQuery({ path: "System", query: "*", flags: fromOldest });
    for (const call of [
      () => log.getChannelList({ flags: 0 }),
      () => log.close({ handle: handle.opControl! }),
    ]) {
      equal("fault", await failureOf(call()), "nca_s_op_rng_error");
    }
    return "channels, and closing a handle";
  });
}
