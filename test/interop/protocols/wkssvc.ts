// MS-WKST: what a host is called and has joined.
import { wkssvc } from "@msrpc/ms-wkst";
import { check, demand } from "../support/report.ts";
import { clientOf, equal, failureOf, sambaSays, type Server } from "./talk.ts";

const serverName = null;
const whole = { preferredMaximumLength: 0xffffffff, resumeHandle: 0 };

/** Of a controller and of a file server: Samba answers one level, and refuses most else. */
export async function checkWkssvc(servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    await using host = clientOf(server, wkssvc);
    const { domain } = server.user;

    await check(`WKSSVC: the host in ${domain}`, async () => {
      const { wkstaInfo } = await host.wkstaGetInfo({ serverName, level: 100 });
      demand(wkstaInfo.type === 100 && wkstaInfo.value !== null, "another level");
      const said = sambaSays(server, "workstation", "100") as Readonly<Record<string, string>>;
      const { platformId, computername, langroup, verMajor, verMinor } = wkstaInfo.value;
      equal("platform", platformId, said["platform_id"]);
      equal("name", computername, said["server_name"]);
      equal("domain", langroup, said["domain_name"]);
      equal("major version", verMajor, said["version_major"]);
      equal("minor version", verMinor, said["version_minor"]);
      return `${computername}`;
    });

    await check(`WKSSVC: what a host in ${domain} refuses`, async () => {
      const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
        ["102", () => host.wkstaGetInfo({ serverName, level: 102 })],
        ["77", () => host.wkstaGetInfo({ serverName, level: 77 })],
        [
          "users",
          () =>
            host.wkstaUserEnum({
              serverName,
              userInfo: { wkstaUserInfo: { type: 0, value: { buffer: null } } },
              ...whole,
            }),
        ],
        [
          "transports",
          () =>
            host.wkstaTransportEnum({
              serverName,
              transportInfo: { wkstaTransportInfo: { type: 0, value: { buffer: null } } },
              ...whole,
            }),
        ],
        ["joined", () => host.getJoinInformation({ serverName, nameBuffer: null })],
      ];
      const failures: string[] = [];
      for (const [what, call] of calls) {
        const failure = await failureOf(call());
        equal(what, failure, sambaSays(server, "workstation-failure", what));
        failures.push(failure);
      }
      return failures.join(", ");
    });
  }
}
