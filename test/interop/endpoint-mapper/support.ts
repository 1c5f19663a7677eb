// What the two halves of this group have in common: other clients, entries as text, and what Wireshark says.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nilUuid } from "@msrpc/ndr";
import { type Capture, captureTo } from "@msrpc/rpc/capture";
import type { EndpointEntry } from "@msrpc/services";
import { runAside } from "../rpc/run-aside.ts";
import { demand, expectNone } from "../support/report.ts";
import { inspect } from "../support/tshark.ts";

const folder = mkdtempSync(join(tmpdir(), "endpoint-mapper-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Runs a script of this folder; its output. */
export async function runPeer(script: string, ...args: string[]): Promise<string> {
  const path = new URL(script, import.meta.url).pathname;
  const { status, stdout, stderr } = await runAside("/usr/bin/python3", [path, ...args]);
  demand(status === 0, stderr.trim().split("\n").slice(-3).join("\n"));
  return stdout.trim();
}

/** It doesn't read the floors of local RPC and Unix sockets. */
export const unread = /decoded yet/;
/** Full pointers of Samba's answers have the referent ids of the request again, so it takes them for the same. */
export const sameReferent = /^Long frame: (?:Lookup|Map) response/;

export interface Captured {
  readonly capture: Capture;
  readonly file: string;
}

/** Captures this process's connections from now on. */
export function beginCapture(name: string): Captured {
  const file = join(folder, `${name}.pcapng`);
  return { capture: captureTo(file), file };
}

/** Ends a capture, and throws what Wireshark finds in it beside what is known. */
export async function judge(
  { capture, file }: Captured,
  ports: readonly number[],
  known: readonly RegExp[],
): Promise<string> {
  await capture.close();
  demand(capture.dropped === 0, `${capture.dropped} PDUs left out`);
  const { malformed, experts, rows } = inspect(file, ports);
  expectNone(malformed.map(({ frame, info }) => `frame ${frame} is malformed: ${info}`));
  const said = experts.map(({ frame, message, info }) => ({ frame, text: `${message}: ${info}` }));
  const complaints = said.filter(({ text }) => !known.some((words) => words.test(text)));
  expectNone(complaints.map(({ frame, text }) => `frame ${frame}: ${text}`));
  const calls = rows.filter(({ protocol }) => protocol === "EPM").length;
  demand(calls > 100, `only ${calls} PDUs of endpoint mappers`);
  return `${calls} of ${rows.length} PDUs are an endpoint mapper's`;
}

export async function all(entries: AsyncIterable<EndpointEntry>): Promise<EndpointEntry[]> {
  const found = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

/** As samba-client.py writes it. */
export function describe({ object, annotation, octets }: EndpointEntry): string {
  return JSON.stringify([object ?? nilUuid, annotation, Buffer.from(octets).toString("hex")]);
}

export function descriptions(json: string): string[] {
  return (JSON.parse(json) as unknown[]).map((entry) => JSON.stringify(entry));
}

export async function rejection(promise: Promise<unknown>): Promise<{ statusName?: unknown }> {
  return await promise.then(
    () => ({}),
    (error: unknown) => error as { statusName?: unknown },
  );
}
