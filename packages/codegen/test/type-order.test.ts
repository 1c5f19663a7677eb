import { expect, test } from "vitest";
import { typeGroups } from "../src/model/type-order.ts";
import { planText, sample } from "./support/generate.ts";

function groupsOf(body: string): string[][] {
  const { types } = planText({ "sample.idl": sample(body) }, "sample.idl");
  return typeGroups(types).map((group) => group.map(({ name }) => name).toSorted());
}

test("a type comes after what it points at", () => {
  const groups = groupsOf(`
    typedef struct _A A; typedef struct _B { long b; } B;
    struct _A { B *b; };
    void Put([in] A *a);`);
  expect(groups).toEqual([["_B"], ["_A"]]);
});

test("types that lead to each other stand together, after what all of them use", () => {
  const groups = groupsOf(`
    typedef struct _A A; typedef struct _B B;
    typedef struct _LEAF { long leaf; } LEAF;
    struct _A { B *b; };
    struct _B { LEAF *leaf; A *a; B *next; };
    typedef struct _TOP { A a; LEAF leaf; } TOP;
    void Put([in] TOP *top);`);
  expect(groups).toEqual([["_LEAF"], ["_A", "_B"], ["_TOP"]]);
});
