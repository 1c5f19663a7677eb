/** Codecs of the benchmark's messages, in the shape that generated code has. */
import type { NdrReader, NdrWriter } from "@msrpc/ndr";

export interface Item {
  a: number;
  b: number;
  c: number;
  name: string | null;
}

export function writeItem(w: NdrWriter, v: Item): void {
  w.align(4, 8);
  w.u32(v.a, "a");
  w.u32(v.b, "b");
  w.u32(v.c, "c");
  w.pointer(v.name, "name");
}

export function writeItemTargets(w: NdrWriter, v: Item): void {
  if (v.name !== null) w.wstring(v.name, "name");
}

export function readItem(r: NdrReader): Item {
  r.align(4, 8);
  const a = r.u32("a");
  const b = r.u32("b");
  const c = r.u32("c");
  const name = r.pointer<string>("name");
  return { a, b, c, name };
}

export function readItemTargets(r: NdrReader, v: Item): void {
  if (v.name !== null) v.name = r.wstring("name");
}

export interface Message {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
  name: string | null;
  values: number[] | null;
  items: Item[] | null;
}

export function writeMessage(w: NdrWriter, v: Message): void {
  w.align(4, 8);
  w.u32(v.a, "a");
  w.u32(v.b, "b");
  w.u32(v.c, "c");
  w.u32(v.d, "d");
  w.u32(v.e, "e");
  w.u32(v.f, "f");
  w.pointer(v.name, "name");
  w.u32(v.values === null ? 0 : w.size(v.values, "values"), "valueCount");
  w.pointer(v.values, "values");
  w.u32(v.items === null ? 0 : w.size(v.items, "items"), "itemCount");
  w.pointer(v.items, "items");
}

export function writeMessageTargets(w: NdrWriter, v: Message): void {
  if (v.name !== null) w.wstring(v.name, "name");
  if (v.values !== null) {
    w.count(v.values.length, "values");
    w.u32s(v.values, "values");
  }
  if (v.items !== null) {
    w.count(v.items.length, "items");
    w.enter("items");
    for (let i = 0; i < v.items.length; i++) {
      w.at(i);
      writeItem(w, v.items[i] as Item);
    }
    for (let i = 0; i < v.items.length; i++) {
      w.at(i);
      writeItemTargets(w, v.items[i] as Item);
    }
    w.leave();
  }
}

export function readMessage(r: NdrReader): Message {
  r.align(4, 8);
  const a = r.u32("a");
  const b = r.u32("b");
  const c = r.u32("c");
  const d = r.u32("d");
  const e = r.u32("e");
  const f = r.u32("f");
  const name = r.pointer<string>("name");
  const valueCount = r.u32("valueCount");
  const values = r.pointer<number[]>("values");
  const itemCount = r.u32("itemCount");
  const items = r.pointer<Item[]>("items");
  return {
    a,
    b,
    c,
    d,
    e,
    f,
    name,
    values: r.counted(values, valueCount, "values"),
    items: r.counted(items, itemCount, "items"),
  };
}

export function readMessageTargets(r: NdrReader, v: Message): void {
  if (v.name !== null) v.name = r.wstring("name");
  if (v.values !== null) {
    const count = r.maxCount("values");
    r.sizeIs(count, r.countOf(v.values), "values");
    v.values = r.u32s(count, "values");
  }
  if (v.items !== null) {
    const count = r.maxCount("items");
    r.sizeIs(count, r.countOf(v.items), "items");
    const items = r.list<Item>(count, 16, "items");
    r.enter("items");
    for (let i = 0; i < count; i++) {
      r.at(i);
      items[i] = readItem(r);
    }
    for (let i = 0; i < count; i++) {
      r.at(i);
      readItemTargets(r, items[i] as Item);
    }
    r.leave();
    v.items = items;
  }
}
