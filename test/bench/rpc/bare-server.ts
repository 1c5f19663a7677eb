/**
 * The least that a DCE/RPC server in Node can do, to measure others by: it cuts PDUs, takes any bind, and answers
 * each request with its own octets, as EchoData of rpcecho would, without looking at them. It checks nothing.
 */
import { Buffer } from "node:buffer";
import { type AddressInfo, createServer } from "node:net";
import { announce } from "./announce.ts";

const pduTypes = { request: 0, response: 2, bind: 11, bindAck: 12 } as const;
const first = 1;
const last = 2;
const whole = first | last;
const callHead = 24;

/** The NDR transfer syntax 2.0, as it stands in a PDU. */
const ndr = Buffer.from("045d888aeb1cc9119fe808002b10486002000000", "hex");

function putHeader(pdu: Buffer, type: number, flags: number, callId: number): void {
  pdu.writeUInt32LE(5, 0);
  pdu[2] = type;
  pdu[3] = flags;
  pdu.writeUInt32LE(0x10, 4);
  pdu.writeUInt32LE(pdu.length, 8);
  pdu.writeUInt32LE(callId, 12);
}

function bindAck(bind: Buffer): Buffer {
  const pdu = Buffer.alloc(56);
  putHeader(pdu, pduTypes.bindAck, whole | (bind.readUInt8(3) & 0x10), bind.readUInt32LE(12));
  bind.copy(pdu, 16, 16, 20);
  pdu.writeUInt32LE(1, 20);
  pdu[28] = 1;
  ndr.copy(pdu, 36);
  return pdu;
}

/** The answer to a request with this stub: without the first count, in fragments of this size. */
function respond(stub: Buffer, callId: number, maxFragment: number): Buffer {
  const room = (maxFragment - callHead) & ~7;
  const length = stub.length - 4;
  const fragments = Math.ceil(length / room);
  const octets = Buffer.allocUnsafe(length + fragments * callHead);
  let at = 0;
  for (let from = 0; from < length; from += room) {
    const count = Math.min(room, length - from);
    const flags = (from === 0 ? first : 0) | (from + count === length ? last : 0);
    const pdu = octets.subarray(at, (at += callHead + count));
    putHeader(pdu, pduTypes.response, flags, callId);
    pdu.writeUInt32LE(length - from, 16);
    pdu.writeUInt32LE(0, 20);
    stub.copy(pdu, callHead, 4 + from, 4 + from + count);
  }
  return octets;
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer | null = null;
  let parts: Buffer[] = [];
  let maxFragment = 0;
  const answer = (pdu: Buffer): Buffer | null => {
    if (pdu[2] === pduTypes.bind) {
      maxFragment = pdu.readUInt16LE(18);
      return bindAck(pdu);
    }
    const body = pdu.subarray(callHead);
    const callId = pdu.readUInt32LE(12);
    if (pdu[3] === whole) return respond(body, callId, maxFragment);
    parts.push(body);
    if (((pdu[3] ?? 0) & last) === 0) return null;
    const stub = Buffer.concat(parts);
    parts = [];
    return respond(stub, callId, maxFragment);
  };
  socket.on("data", (chunk: Buffer) => {
    const octets = rest === null ? chunk : Buffer.concat([rest, chunk]);
    const answers: Buffer[] = [];
    let at = 0;
    while (octets.length - at >= callHead) {
      const end = at + octets.readUInt16LE(at + 8);
      if (end > octets.length) break;
      const pdu = answer(octets.subarray(at, end));
      if (pdu !== null) answers.push(pdu);
      at = end;
    }
    rest = at < octets.length ? octets.subarray(at) : null;
    const [only] = answers;
    if (only !== undefined) socket.write(answers.length === 1 ? only : Buffer.concat(answers));
  });
  socket.on("error", () => socket.destroy());
});

server.listen(0, "127.0.0.1", () => {
  announce((server.address() as AddressInfo).port);
});
