/** Pointers: referent ids, identity, nesting; and context handles, which point at a server's state. */
import { ContextHandle, NdrReader, NdrWriter } from "@msrpc/ndr";
import { expect, expectTypeOf, test } from "vitest";
import { formats, hexOf, octets, packed, readBack, written } from "./support/formats.ts";

test("unique pointers have new referent ids from 0x20000 in steps of 4, or 0", () => {
  const write = (w: NdrWriter): void => {
    w.pointer("a", "p");
    w.pointer(null, "p");
    w.pointer(0, "p");
  };
  expect(hexOf(write)).toBe(packed("00000200 00000000 04000200"));
  expect(hexOf(write, { syntax: "ndr64" })).toBe(
    packed("0000020000000000 0000000000000000 0400020000000000"),
  );
  expect(hexOf(write, { syntax: "ndr64", byteOrder: "big" })).toBe(
    packed("0000000000020000 0000000000000000 0000000000020004"),
  );
});

test("referent ids start where a writer is told to, each time it is used", () => {
  const w = new NdrWriter({ firstReferent: 0x123 });
  for (let i = 0; i < 2; i++) {
    w.pointer("a", "p");
    w.fullPointer({}, "p");
    expect([...w.finish()]).toEqual([0x23, 1, 0, 0, 0x27, 1, 0, 0]);
  }
});

test("any referent id but 0 is a pointer, also one above 32 bits", () => {
  const bytes = octets("0000000000000000 0000000001000000 ffffffffffffffff");
  const isNull = readBack(bytes, (r) => [1, 2, 3].map(() => r.pointer("p") === null), {
    syntax: "ndr64",
  });
  expect(isNull).toEqual([true, false, false]);
});

test("an embedded reference pointer means nothing in NDR 2.0 and must not be 0 in NDR64", () => {
  expect(() => new NdrReader(octets("00000000")).ref("p")).not.toThrow();
  expect(() => new NdrReader(new Uint8Array(8), { syntax: "ndr64" }).ref("p")).toThrow(
    expect.objectContaining({ code: "null_reference", path: "p" }),
  );
});

test("reference pointers in an array have octets in NDR64 alone", () => {
  const write = (w: NdrWriter): void => w.refElement("x", "p");
  expect(hexOf(write)).toBe("");
  expect(hexOf(write, { syntax: "ndr64" })).toBe("0000020000000000");
  expect(() => written((w) => w.refElement(null, "p"))).toThrow("expected a value, found null");
});

interface Node {
  value: number;
  next: Node | null;
}

function writeNode(w: NdrWriter, v: Node): void {
  w.align(4, 8);
  w.u32(v.value, "value");
  w.fullPointer(v.next, "next");
}

function writeNodeTargets(w: NdrWriter, v: Node): void {
  if (v.next === null || !w.isFirst(v.next)) return;
  w.enter("next");
  writeNode(w, v.next);
  writeNodeTargets(w, v.next);
  w.leave();
}

function readNode(r: NdrReader): Node {
  r.align(4, 8);
  const value = r.u32("value");
  const next = r.fullPointer<Node>("next");
  return { value, next };
}

function readNodeTargets(r: NdrReader, v: Node): void {
  if (v.next === null) return;
  r.enter("next");
  v.next = r.target(v.next, "Node", readNode, readNodeTargets);
  r.leave();
}

/** `[in, ptr] Node *a, [in, ptr] Node *b` */
function writePair(w: NdrWriter, pair: readonly (Node | null)[]): void {
  for (const node of pair) {
    w.fullPointer(node, "p");
    if (node === null || !w.isFirst(node)) continue;
    writeNode(w, node);
    writeNodeTargets(w, node);
  }
}

function readPair(r: NdrReader): (Node | null)[] {
  return ["a", "b"].map((name) => {
    const node = r.fullPointer<Node>(name);
    return node && r.target(node, "Node", readNode, readNodeTargets);
  });
}

test("two full pointers to one object have one referent id, and give one object", () => {
  const node: Node = { value: 7, next: null };
  expect(hexOf((w) => writePair(w, [node, node]))).toBe(
    packed("00000200 07000000 00000000 00000200"),
  );
  for (const format of formats) {
    const [a, b] = readBack(
      written((w) => writePair(w, [node, node]), format),
      readPair,
      format,
    );
    expect(a).toEqual(node);
    expect(b).toBe(a);
  }
});

test("full pointers may form a cycle", () => {
  const first: Node = { value: 1, next: null };
  const second: Node = { value: 2, next: first };
  first.next = second;
  for (const format of formats) {
    const bytes = written((w) => writePair(w, [first, null]), format);
    const [a] = readBack(bytes, readPair, format);
    expect([a?.value, a?.next?.value]).toEqual([1, 2]);
    expect(a?.next?.next).toBe(a);
  }
});

test("equal texts behind full pointers are two targets", () => {
  const write = (w: NdrWriter): void => {
    w.fullPointer("x", "a");
    w.fullPointer("x", "b");
  };
  expect(hexOf(write)).toBe(packed("00000200 04000200"));
  expect(
    written((w) => expect([w.isFirst("x"), w.isFirst("x")]).toEqual([true, true])),
  ).toHaveLength(0);
});

test("one referent id for two types is refused", () => {
  const r = new NdrReader(octets("01000000 05000000 00000000 01000000"));
  r.target(r.fullPointer<Node>("a") as Node, "Node", readNode, readNodeTargets);
  const text = r.fullPointer<string>("b") as string;
  expect(() => r.target(text, "wstring", () => r.wstring("b"))).toThrow(
    expect.objectContaining({ code: "referent_type_mismatch", expected: "wstring", found: "Node" }),
  );
});

test("a list nests to the limit and no deeper, on encoding as on decoding", () => {
  let list: Node | null = null;
  for (let i = 0; i < 600; i++) list = { value: i, next: list };
  expect(() => written((w) => writePair(w, [list]))).toThrow(
    expect.objectContaining({ code: "too_deep", expected: 500 }),
  );
  const limits = { maxDepth: 1000 };
  const bytes = written((w) => writePair(w, [list, null]), { limits });
  expect(readBack(bytes, readPair, { limits })[0]).toEqual(list);
  expect(() => readPair(new NdrReader(bytes))).toThrow(
    expect.objectContaining({ code: "too_deep" }),
  );
});

test("an object that is its own target is too deep where pointers have no identity", () => {
  const self: Node = { value: 1, next: null };
  self.next = self;
  const write = (w: NdrWriter, v: Node): void => {
    w.pointer(v.next, "next");
    w.enter("next");
    if (v.next !== null) write(w, v.next);
    w.leave();
  };
  expect(() => written((w) => write(w, self))).toThrow(
    expect.objectContaining({ code: "too_deep" }),
  );
});

test("a stand-in carries the count that its target is checked against", () => {
  const r = new NdrReader(octets("00000200 02000000 02000000 01000000 02000000"));
  const pointer = r.pointer<number[]>("values");
  const values = r.counted(pointer, r.u32("count"), "values");
  expect(r.countOf(values)).toBe(2);
  const count = r.maxCount("values");
  r.sizeIs(count, r.countOf(values), "values");
  expect(r.u32s(count, "values")).toEqual([1, 2]);
});

test("a context handle has 20 octets: attributes and a UUID in the stream's byte order", () => {
  const handle = new ContextHandle("00112233-4455-6677-8899-aabbccddeeff", 1);
  const write = (w: NdrWriter): void => w.contextHandle(handle, "h");
  expect(hexOf(write)).toBe(packed("01000000 33221100 5544 7766 8899aabbccddeeff"));
  expect(hexOf(write, { byteOrder: "big" })).toBe(
    packed("00000001 00112233 4455 6677 8899aabbccddeeff"),
  );
  for (const format of formats) {
    const back = readBack(written(write, format), (r) => r.openHandle("h"), format);
    expect(back.equals(handle)).toBe(true);
    expect(back).not.toBe(handle);
  }
});

test("zeros are the NULL handle, which an [in] handle must not be", () => {
  expect(hexOf((w) => w.contextHandle(null, "h"))).toBe("00".repeat(20));
  expect(new NdrReader(new Uint8Array(20)).contextHandle("h")).toBeNull();
  expect(() => new NdrReader(new Uint8Array(20)).openHandle("h")).toThrow(
    expect.objectContaining({ code: "null_reference", path: "h" }),
  );
  expect(() => written((w) => w.openHandle(null as never, "h"))).toThrow("must not be null");
  const odd = new NdrReader(octets("01000000".padEnd(40, "0"))).contextHandle("h");
  expect(String(odd)).toBe("00000000-0000-0000-0000-000000000000/1");
});

test("handles differ by UUID and by attributes, and by type for the compiler", () => {
  const uuid = "00112233-4455-6677-8899-aabbccddeeff";
  const group = new ContextHandle<"GROUP">(uuid);
  expect(group.equals(new ContextHandle(uuid, 1))).toBe(false);
  expect(group.equals(new ContextHandle(uuid.replace("0", "1")))).toBe(false);
  expect(group.equals(null)).toBe(false);
  expectTypeOf(group).not.toExtend<ContextHandle<"KEY">>();
});
