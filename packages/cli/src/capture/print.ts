/** What a capture says, as text. */
import { RpcFault } from "@msrpc/rpc";
import { type FollowedBind, type FollowedEvent, securityName } from "@msrpc/rpc/follow";
import { type DecodedNode, statusName } from "@msrpc/wire";
import type { FoundOperation } from "../find.ts";
import type { Io } from "../io.ts";
import type { DecodedEvent, DecodedMessage } from "./decoded.ts";
import type { Interfaces } from "./interfaces.ts";

export interface PrintOptions {
  /** The octets of every stub behind it. */
  readonly hex?: boolean;
}

/** Prints one event; whether there is something wrong with it. */
export function printEvent(
  io: Io,
  event: DecodedEvent,
  interfaces: Interfaces,
  options: PrintOptions,
): boolean {
  switch (event.type) {
    case "bind":
      for (const line of bindLines(event, interfaces)) head(io, event, line);
      return false;
    case "refusal":
      head(io, event, `bind refused: ${event.reason}`);
      return false;
    case "fault": {
      const { statusName } = new RpcFault(event.status);
      head(io, event, `call ${event.callId} ${nameOf(event, interfaces)} fault: ${statusName}`);
      return false;
    }
    case "problem":
      head(io, event, `problem: ${event.message}`);
      return true;
    case "message":
      return printMessage(io, event, interfaces, options);
  }
}

function head(
  io: Io,
  { packet, flow }: Pick<FollowedEvent, "packet" | "flow">,
  text: string,
): void {
  const ends = flow === null ? "" : ` ${flow.client} > ${flow.server}`;
  io.out(`${packet}${ends} ${text}\n`);
}

function bindLines({ contexts, security }: FollowedBind, interfaces: Interfaces): string[] {
  const secured =
    security === null ? "" : `, ${securityName(security.type)} ${levelName(security.level)}`;
  const lines = contexts.map(({ contextId, interface: id, syntax, isAccepted }) => {
    const { major, minor } = id.version;
    const name = `${interfaces.named(id) ?? id.uuid} ${major}.${minor}`;
    const agreed = isAccepted ? `in ${syntaxName(syntax)}` : "refused";
    return `context ${contextId}: ${name} ${agreed}${secured}`;
  });
  return lines.length > 0 ? lines : [`bind${secured}`];
}

function syntaxName(syntax: "ndr" | "ndr64" | null): string {
  if (syntax === null) return "a syntax that isn't known";
  return syntax === "ndr" ? "NDR 2.0" : "NDR64";
}

const levels = ["", "none", "connect", "call", "packet", "integrity", "privacy"] as const;

function levelName(level: number): string {
  return levels[level] ?? `level ${level}`;
}

function nameOf(
  { interface: id, opnum }: Extract<FollowedEvent, { type: "fault" | "request" | "response" }>,
  interfaces: Interfaces,
): string {
  if (id === null || opnum === null) return "of an interface whose bind was not captured";
  const operation = interfaces.operation(id, opnum)?.operation.name;
  return `${interfaces.named(id) ?? id.uuid}.${operation ?? `opnum ${opnum}`}`;
}

function printMessage(
  io: Io,
  { message, found, decoded, trailing }: DecodedMessage,
  interfaces: Interfaces,
  { hex }: PrintOptions,
): boolean {
  const { callId, type, stub, problem } = message;
  const octets = `${stub.length} ${stub.length === 1 ? "octet" : "octets"}`;
  head(io, message, `call ${callId} ${nameOf(message, interfaces)} ${type}, ${octets}`);
  if (problem !== null) io.out(`  ${problem}\n`);
  for (const node of decoded?.tree.children ?? []) printNode(io, node, 1, found);
  if (decoded !== null && decoded.fault !== null)
    io.out(`  error: ${visible(decoded.fault.message)}\n`);
  if (trailing > 0) io.out(`  error: ${trailing} octets are left over\n`);
  if (hex === true || (found === null && problem === null)) printHex(io, stub);
  return decoded?.fault != null || trailing > 0;
}

/** A node of a tree, with its offset in front and its parts below. */
export function printNode(
  io: Io,
  node: DecodedNode,
  depth: number,
  found: FoundOperation | null = null,
): void {
  const offset = node.offset.toString(16).padStart(6, "0");
  const name = node.path === "" ? "value" : shortened(node.path);
  const value = node.text === "" ? "" : ` = ${visible(node.text)}${statusOf(node, found)}`;
  io.out(`${offset}  ${"  ".repeat(Math.min(depth, 40))}${name}${value}\n`);
  for (const child of node.children) printNode(io, child, depth + 1, found);
}

/** The end of a long path: pointers may lead on hundreds of times, and each part has all of its path. */
function shortened(path: string): string {
  return path.length <= 200 ? path : `...${path.slice(-200)}`;
}

/** The name of a status, where the operation has one there. */
function statusOf({ path, text }: DecodedNode, found: FoundOperation | null): string {
  if (found === null || !found.statuses.members.includes(path)) return "";
  const name = statusName(found.statuses, Number(text));
  return name === undefined ? "" : ` (${name})`;
}

/** What a terminal would follow instead of showing it, as an escape; text in quotes has the others already. */
function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function printHex(io: Io, octets: Uint8Array): void {
  for (let at = 0; at < octets.length; at += 16) {
    const row = octets.subarray(at, at + 16);
    const digits = Array.from(row, (octet) => octet.toString(16).padStart(2, "0")).join(" ");
    const text = Array.from(row, (octet) =>
      octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : ".",
    ).join("");
    io.out(`  ${at.toString(16).padStart(6, "0")}  ${digits.padEnd(47)}  |${text}|\n`);
  }
}
