// tshark reads captures of ours, and opens what Kerberos has sealed with the key of the service.
import { join } from "node:path";
import { spnegoClient, spnegoServer } from "@msrpc/auth";
import { kerberosClient, kerberosServer } from "@msrpc/auth/kerberos";
import { captureTo } from "@msrpc/rpc/capture";
import { pduTypes } from "@msrpc/rpc/pdu";
import type { Kdc } from "../support/kdc.ts";
import { check, demand, expectNone } from "../support/report.ts";
import { inspect } from "../support/tshark.ts";
import { alice, echoAll, levels, octetsOf, serve } from "./service.ts";

const target = "capture/server.example.com";
/** That it has the key of the service, and not the one that the KDC has signed the ticket with for itself. */
const ofKdc = /^(?:Missing (?:KDC )?(?:\(for ticket\) )?checksum|Used keymap=)/;
const lengths = [1, 1000, 20_000];

export async function checkCaptures(kdc: Kdc, address: string): Promise<void> {
  const keytab = kdc.addService(target);
  const accepting = kerberosServer({ keytab });
  const kerberos = kerberosClient(alice, { target });
  for (const [name, security] of [
    ["Kerberos", kerberos],
    ["SPNEGO", spnegoClient([kerberos])],
  ] as const) {
    for (const level of levels) {
      await check(`tshark reads what went over with ${name} at ${level}`, async () => {
        await using server = await serve(address, [accepting, spnegoServer([accepting])]);
        const file = join(kdc.folder, `${name}-${level}.pcapng`);
        const capture = captureTo(file, { filter: ({ role }) => role === "client" });
        await echoAll(server.binding, { security, level }, lengths);
        await capture.close();
        const port = Number(/\[(\d+)\]/.exec(server.binding)?.[1]);
        const { malformed, experts, rows } = inspect(file, [port], { keytab });
        expectNone([
          ...malformed.map(({ frame, info }) => `frame ${frame} is malformed: ${info}`),
          ...experts
            .filter(({ message }) => !ofKdc.test(message))
            .map(({ frame, message }) => `frame ${frame}: ${message}`),
        ]);
        const answers = rows.filter(
          ({ type, stub }) => type === pduTypes.response && stub !== null,
        );
        const last = answers.at(-1)?.stub ?? new Uint8Array(0);
        const sent = Buffer.from(octetsOf(lengths.at(-1) ?? 0));
        demand(Buffer.from(last).includes(sent), "the last answer's data are not there");
        return `${rows.length} PDUs`;
      });
    }
  }
}
