import { expect, test } from "vitest";
import { decodeStub, encodeStub, type StructValue, type Syntax } from "@msrpc/wire";
import { operation, planOf } from "./support/plan-of.ts";

const made = planOf(`typedef [context_handle] void *H;
  typedef struct _N { long v; [ptr] struct _N *next; [unique] struct _N *other; } N;
  typedef struct { short n; [size_is(n), length_is(n)] short a[]; } C;
  typedef struct { long n; [size_is(n), string] wchar_t **names; [string] char s[8]; } S;
  typedef [switch_type(short)] union { [case(1)] N n; [case(2)] S *s; [default] hyper h; } U;
  typedef struct { short t; [switch_is(t)] U u; double d; } V;
  typedef pipe long P;
  long f([in, out] H *h, [in, ptr] N *n, [in] long k, [in, size_is(k)] V *v, [in, unique] C *c,
    [in, string] wchar_t *s, [in] long m, [in, size_is(k, m)] byte b[][], [in] P p);`);

const node = (v: number, next: StructValue | null = null): StructValue => ({
  v,
  next,
  other: null,
});
const value: StructValue = {
  h: { attributes: 0, uuid: "00112233-4455-6677-8899-aabbccddeeff" },
  n: node(1, node(2, node(3))),
  k: 2,
  v: [
    { t: 1, u: { tag: 1, arm: "n", value: node(4, node(5)) }, d: 1.5 },
    {
      t: 2,
      u: { tag: 2, arm: "s", value: { n: 2, names: ["one", null], s: "seven" } },
      d: -2,
    },
  ],
  c: { n: 3, a: [1, 2, 3] },
  s: "text",
  m: 3,
  b: [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)],
  p: [[7, 8], [9]],
};

/** Numbers that are the same in each run. */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const forms: readonly (readonly [syntax: Syntax, bigEndian: boolean])[] = [
  ["ndr", false],
  ["ndr", true],
  ["ndr64", false],
];

test.each(forms)("what is encoded decodes to the same: %s, big-endian %s", (syntax, bigEndian) => {
  const f = operation(made, "f");
  const bytes = encodeStub(made, f, "in", value, { syntax, bigEndian });
  const found = decodeStub(made, f, "in", bytes, { syntax, bigEndian });
  expect(found).toMatchObject({ fault: null, trailing: 0, value });
});

test.each(forms)("every shorter stub is a fault: %s, big-endian %s", (syntax, bigEndian) => {
  const f = operation(made, "f");
  const bytes = encodeStub(made, f, "in", value, { syntax, bigEndian });
  for (let length = 0; length < bytes.length; length++) {
    const { fault } = decodeStub(made, f, "in", bytes.subarray(0, length), { syntax, bigEndian });
    expect(["short", "count"]).toContain(fault?.code);
    expect(fault?.offset).toBeLessThanOrEqual(length);
  }
});

test.each(forms)(
  "damaged stubs end in a value or a fault: %s, big-endian %s",
  (syntax, bigEndian) => {
    const f = operation(made, "f");
    const whole = encodeStub(made, f, "in", value, { syntax, bigEndian });
    const next = random(20_130);
    const codes = new Set<string>();
    for (let run = 0; run < 1500; run++) {
      const bytes = whole.slice();
      for (let at = next(6); at >= 0; at--) bytes[next(bytes.length)] = next(256);
      const { fault } = decodeStub(made, f, "in", bytes, {
        syntax,
        bigEndian,
        level: run % 2 ? 6 : 0,
      });
      codes.add(fault?.code ?? "none");
    }
    expect([...codes]).toEqual(expect.arrayContaining(["none", "count", "correlation", "short"]));
  },
);

test("random bytes end in a value or a fault", () => {
  const f = operation(made, "f");
  const next = random(7);
  for (let run = 0; run < 2000; run++) {
    const bytes = Uint8Array.from({ length: next(200) }, () => (next(3) > 0 ? next(3) : next(256)));
    const { fault } = decodeStub(made, f, "in", bytes, { level: 0 });
    expect(fault === null || fault.path !== "").toBe(true);
  }
});
