/** The same messages by hand: one DataView, offsets worked out beforehand, NDR 2.0, little-endian. */
import type { Item, Message, ShareInfo1, ShareInfo1Container } from "./messages.ts";

const slabSize = 65536;

/** Messages are carved out of slabs; these are smaller than `reserve`. */
const reserve = 16384;
let slab: Uint8Array = new Uint8Array(slabSize);
let out: DataView = new DataView(slab.buffer);
let free = 0;

/** Where the next message starts. */
function begin(): number {
  if (free + reserve > slabSize) {
    slab = new Uint8Array(slabSize);
    out = new DataView(slab.buffer);
    free = 0;
  }
  return free;
}

function finish(start: number, end: number): Uint8Array {
  free = (end + 7) & ~7;
  return slab.subarray(start, end);
}

function putString(at: number, text: string): number {
  const units = text.length + 1;
  out.setUint32(at, units, true);
  out.setUint32(at + 4, 0, true);
  out.setUint32(at + 8, units, true);
  at += 12;
  for (let i = 0; i < text.length; i++, at += 2) out.setUint16(at, text.charCodeAt(i), true);
  out.setUint16(at, 0, true);
  return at + 2;
}

export function encodeMessage(m: Message): Uint8Array {
  const start = begin();
  out.setUint32(start, m.a, true);
  out.setUint32(start + 4, m.b, true);
  out.setUint32(start + 8, m.c, true);
  out.setUint32(start + 12, m.d, true);
  out.setUint32(start + 16, m.e, true);
  out.setUint32(start + 20, m.f, true);
  let referent = 0x20000;
  const { name, values, items } = m;
  out.setUint32(start + 24, name === null ? 0 : referent, true);
  if (name !== null) referent += 4;
  out.setUint32(start + 28, values === null ? 0 : values.length, true);
  out.setUint32(start + 32, values === null ? 0 : referent, true);
  if (values !== null) referent += 4;
  out.setUint32(start + 36, items === null ? 0 : items.length, true);
  out.setUint32(start + 40, items === null ? 0 : referent, true);
  if (items !== null) referent += 4;
  let at = start + 44;
  if (name !== null) at = putString(at, name);
  if (values !== null) {
    at = (at + 3) & ~3;
    out.setUint32(at, values.length, true);
    at += 4;
    for (let i = 0; i < values.length; i++, at += 4) out.setUint32(at, values[i] as number, true);
  }
  if (items !== null) {
    at = (at + 3) & ~3;
    out.setUint32(at, items.length, true);
    at += 4;
    for (let i = 0; i < items.length; i++, at += 16) {
      const item = items[i] as Item;
      out.setUint32(at, item.a, true);
      out.setUint32(at + 4, item.b, true);
      out.setUint32(at + 8, item.c, true);
      out.setUint32(at + 12, item.name === null ? 0 : referent, true);
      if (item.name !== null) referent += 4;
    }
    for (let i = 0; i < items.length; i++) {
      const text = (items[i] as Item).name;
      if (text !== null) at = putString((at + 3) & ~3, text);
    }
  }
  return finish(start, at);
}

class Malformed extends Error {}

/** Where the string read last ended. */
let position = 0;

function takeString(bytes: Buffer, view: DataView, at: number): string {
  if (at + 12 > view.byteLength) throw new Malformed("short");
  const size = view.getUint32(at, true);
  const length = view.getUint32(at + 8, true);
  if (view.getUint32(at + 4, true) !== 0 || length > size || length === 0) {
    throw new Malformed("string");
  }
  at += 12;
  const end = at + 2 * length;
  if (end > view.byteLength || view.getUint16(end - 2, true) !== 0) throw new Malformed("string");
  position = end;
  return bytes.toString("utf16le", at, end - 2);
}

export function decodeMessage(bytes: Uint8Array): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.byteLength;
  if (end < 44) throw new Malformed("short");
  const message: Message = {
    a: view.getUint32(0, true),
    b: view.getUint32(4, true),
    c: view.getUint32(8, true),
    d: view.getUint32(12, true),
    e: view.getUint32(16, true),
    f: view.getUint32(20, true),
    name: null,
    values: null,
    items: null,
  };
  let at = 44;
  if (view.getUint32(24, true) !== 0) {
    message.name = takeString(buffer, view, at);
    at = position;
  }
  if (view.getUint32(32, true) !== 0) {
    at = (at + 3) & ~3;
    const count = view.getUint32(28, true);
    if (at + 4 + 4 * count > end) throw new Malformed("short");
    if (view.getUint32(at, true) !== count) throw new Malformed("count");
    at += 4;
    // oxlint-disable-next-line unicorn/no-new-array
    const values = new Array<number>(count);
    for (let i = 0; i < count; i++, at += 4) values[i] = view.getUint32(at, true);
    message.values = values;
  }
  if (view.getUint32(40, true) !== 0) {
    at = (at + 3) & ~3;
    const count = view.getUint32(36, true);
    if (at + 4 + 16 * count > end) throw new Malformed("short");
    if (view.getUint32(at, true) !== count) throw new Malformed("count");
    at += 4;
    // oxlint-disable-next-line unicorn/no-new-array
    const items = new Array<Item>(count);
    const first = at;
    for (let i = 0; i < count; i++, at += 16) {
      items[i] = {
        a: view.getUint32(at, true),
        b: view.getUint32(at + 4, true),
        c: view.getUint32(at + 8, true),
        name: null,
      };
    }
    for (let i = 0; i < count; i++) {
      if (view.getUint32(first + 16 * i + 12, true) === 0) continue;
      (items[i] as Item).name = takeString(buffer, view, (at + 3) & ~3);
      at = position;
    }
    message.items = items;
  }
  return message;
}

export function encodeShares({ buffer }: ShareInfo1Container): Uint8Array {
  const start = begin();
  if (buffer === null) return finish(start, start + 8);
  const count = buffer.length;
  out.setUint32(start, count, true);
  out.setUint32(start + 4, 0x20000, true);
  out.setUint32(start + 8, count, true);
  let at = start + 12;
  let referent = 0x20004;
  for (let i = 0; i < count; i++, at += 12) {
    const share = buffer[i] as ShareInfo1;
    out.setUint32(at, share.netname === null ? 0 : referent, true);
    if (share.netname !== null) referent += 4;
    out.setUint32(at + 4, share.type, true);
    out.setUint32(at + 8, share.remark === null ? 0 : referent, true);
    if (share.remark !== null) referent += 4;
  }
  for (let i = 0; i < count; i++) {
    const share = buffer[i] as ShareInfo1;
    if (share.netname !== null) at = putString((at + 3) & ~3, share.netname);
    if (share.remark !== null) at = putString((at + 3) & ~3, share.remark);
  }
  return finish(start, at);
}

export function decodeShares(bytes: Uint8Array): ShareInfo1Container {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8) throw new Malformed("short");
  if (view.getUint32(4, true) === 0) return { buffer: null };
  const count = view.getUint32(0, true);
  if (12 + 12 * count > bytes.byteLength) throw new Malformed("short");
  if (view.getUint32(8, true) !== count) throw new Malformed("count");
  // oxlint-disable-next-line unicorn/no-new-array
  const buffer = new Array<ShareInfo1>(count);
  let at = 12;
  for (let i = 0; i < count; i++, at += 12) {
    buffer[i] = { netname: null, type: view.getUint32(at + 4, true), remark: null };
  }
  for (let i = 0; i < count; i++) {
    const share = buffer[i] as ShareInfo1;
    if (view.getUint32(12 + 12 * i, true) !== 0) {
      share.netname = takeString(octets, view, (at + 3) & ~3);
      at = position;
    }
    if (view.getUint32(20 + 12 * i, true) !== 0) {
      share.remark = takeString(octets, view, (at + 3) & ~3);
      at = position;
    }
  }
  return { buffer };
}
