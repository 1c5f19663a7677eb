// MS-SRVS: what a file server shares, who uses it, and what it says of itself.
import { srvsvc } from "@msrpc/ms-srvs";
import { check, demand } from "../support/report.ts";
import {
  clientOf,
  equal,
  failureOf,
  found,
  rpcclient,
  rpcclientError,
  same,
  sambaSays,
  type Server,
} from "./talk.ts";

const whole = { preferedMaximumLength: 0xffffffff, resumeHandle: 0 };
const serverName = null;

interface Said {
  readonly time: Readonly<Record<"year" | "month" | "timezone", number>>;
  readonly disks: readonly string[];
}

export async function checkSrvsvc(server: Server): Promise<void> {
  await using files = clientOf(server, srvsvc);
  const said = sambaSays(server, "server", "") as Said;

  await check("SRVSVC: shares", async () => {
    const { infoStruct, totalEntries } = await files.shareEnum({
      serverName,
      infoStruct: { shareInfo: { type: 1, value: { buffer: null } } },
      ...whole,
    });
    const { shareInfo } = infoStruct;
    demand(shareInfo.type === 1, "another level");
    const shares = shareInfo.value?.buffer ?? [];
    const printed = rpcclient(server, "netshareenumall 1");
    const theirs = [...printed.matchAll(/^netname: (.+)\n\s*remark:\s*(.*)$/gm)].map(
      ([, name, remark]) => `${name}: ${remark}`,
    );
    same(
      "shares",
      shares.map(({ netname, remark }) => `${netname}: ${remark}`),
      theirs,
    );
    equal("shares", shares.length, totalEntries);
    return theirs.join(", ");
  });

  await check("SRVSVC: a share in full", async () => {
    const { infoStruct } = await files.shareGetInfo({ serverName, netName: "share", level: 502 });
    demand(infoStruct.type === 502 && infoStruct.value !== null, "another level");
    const printed = rpcclient(server, "netsharegetinfo share 502");
    const { path, maxUses, remark, securityDescriptor } = infoStruct.value;
    equal("path", path, found(printed, /path:\s+(.+)/)[0]);
    equal("remark", remark, found(printed, /remark:\s+(.+)/)[0]);
    equal("most users", maxUses | 0, found(printed, /max_uses:\s+(.+)/)[0]);
    demand((securityDescriptor?.length ?? 0) > 20, "no security descriptor");
    return `${path}`;
  });

  await check("SRVSVC: a share that is not there", async () => {
    const failure = await failureOf(
      files.shareGetInfo({ serverName, netName: "nothing", level: 1 }),
    );
    equal("status", failure, `ERROR_${rpcclientError(server, "netsharegetinfo nothing 1")}`);
    return failure;
  });

  await check("SRVSVC: the server itself", async () => {
    const { infoStruct } = await files.serverGetInfo({ serverName, level: 101 });
    demand(infoStruct.type === 101 && infoStruct.value !== null, "another level");
    const { platformId, name, majorVersion, minorVersion, comment } = infoStruct.value;
    const printed = rpcclient(server, "srvinfo 101");
    equal("platform", platformId, found(printed, /platform_id\s*:\s*(\d+)/)[0]);
    equal(
      "version",
      `${majorVersion}.${minorVersion}`,
      found(printed, /os version\s*:\s*(\S+)/)[0],
    );
    demand(
      printed.includes(String(comment)) && printed.includes(String(name)),
      `${name}, ${comment}`,
    );
    return `${name}, ${comment}`;
  });

  await check("SRVSVC: the time of day", async () => {
    const { bufferPtr } = await files.remoteTod({ serverName });
    demand(bufferPtr !== null, "none");
    const { todYear, todMonth, todDay, todHours, todMins, todElapsedt } = bufferPtr;
    const date = new Date(todElapsedt * 1000);
    const parts = [todYear, todMonth - 1, todDay, todHours, todMins] as const;
    equal("minute", Date.UTC(...parts), date.setUTCSeconds(0));
    const { year, month, timezone } = said.time;
    equal("month and zone", [todYear, todMonth, bufferPtr.todTimezone], [year, month, timezone]);
    return date.toISOString();
  });

  await check("SRVSVC: disks", async () => {
    const { diskInfoStruct, totalEntries } = await files.serverDiskEnum({
      serverName,
      level: 0,
      diskInfoStruct: { buffer: null },
      ...whole,
    });
    const ours = (diskInfoStruct.buffer ?? []).map(({ disk }) => disk);
    same("disks", ours, said.disks);
    return `${ours.join(" ")}, ${totalEntries} in all`;
  });

  await check("SRVSVC: names and paths", async () => {
    const name = { serverName, flags: 0 };
    await files.netprNameValidate({ ...name, name: "share", nameType: 9 });
    const failure = await failureOf(files.netprNameValidate({ ...name, name: "a/b", nameType: 9 }));
    equal("status", failure, `ERROR_${rpcclientError(server, "netnamevalidate a/b 9")}`);
    return failure;
  });

  await check("SRVSVC: sessions and open files, which are for administrators", async () => {
    const sessions = await failureOf(
      files.sessionEnum({
        serverName,
        clientName: null,
        userName: null,
        infoStruct: { sessionInfo: { type: 10, value: { buffer: null } } },
        ...whole,
      }),
    );
    equal("sessions", sessions, `ERROR_${rpcclientError(server, "netsessenum")}`);
    const open = await failureOf(
      files.fileEnum({
        serverName,
        basePath: null,
        userName: null,
        infoStruct: { fileInfo: { type: 3, value: { buffer: null } } },
        ...whole,
      }),
    );
    equal("files", open, `ERROR_${rpcclientError(server, "netfileenum")}`);
    return `${sessions}, ${open}`;
  });
}
