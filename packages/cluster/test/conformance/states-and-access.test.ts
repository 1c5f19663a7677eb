/** Every method of both versions, called so that it succeeds: by whom it is answered, and in which states of the server. */
import { Status } from "@msrpc/ms-cmrp";
import { Access, ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import { answer, type Called, called, ready } from "./called.ts";
import { askingCallers, isAnswer, takingSetsOnly } from "./needs.ts";

const { ERROR_ACCESS_DENIED, ERROR_SHARING_PAUSED } = Status;

function expectAnswer({ version, method }: Called, status: number): void {
  expect(isAnswer(version, method, status), `status ${status}`).toBe(true);
}

test.each(called)("%s is answered in the states of its row", async (_, one) => {
  const [scene, side] = await ready(one);
  scene.state = "none";
  expect(await answer(one, side)).toBe(ERROR_SHARING_PAUSED);
  scene.state = "leaving";
  expect(await answer(one, side)).toBe(Status.ERROR_CLUSTER_NODE_SHUTTING_DOWN);
  scene.state = "readOnly";
  const { state } = one.method;
  if (state === "nodesOnly") {
    expect(await answer(one, side, { type: ClusterEnum.Group })).toBe(ERROR_SHARING_PAUSED);
  }
  if (state === "byCode") {
    expect(await answer(one, side, { controlCode: unknownChange })).toBe(ERROR_SHARING_PAUSED);
  }
  if (state === "readWrite") {
    expect(await answer(one, side)).toBe(ERROR_SHARING_PAUSED);
    scene.state = "readWrite";
  }
  expectAnswer(one, await answer(one, side));
});

/** A code that nobody has, and that would change something. */
const unknownChange = 0x0040_ffff;

test.each(called.filter(([, { version }]) => version === 2))(
  "%s is answered to callers that may do all, and to no others",
  async (_, one) => {
    const [scene, side] = await ready(one);
    for (const level of [null, "read"] as const) {
      scene.level = level;
      expect(await answer(one, side)).toBe(ERROR_ACCESS_DENIED);
    }
    scene.level = "all";
    expectAnswer(one, await answer(one, side));
  },
);

const called3 = called.filter(([, { version }]) => version === 3);

test.each(called3)("%s is answered to callers that may read as its row says", async (_, one) => {
  const { access, opnum } = one.method;
  const [scene, side] = await ready(one, { access: "read" });
  scene.level = "read";
  if (access === "requested") {
    const desiredAccess = Access.GenericAll;
    expect(await answer(one, side, { desiredAccess })).toBe(ERROR_ACCESS_DENIED);
  }
  const status = await answer(one, side);
  const isRefused = access === "all" && !takingSetsOnly.has(opnum);
  if (isRefused) expect(status).toBe(ERROR_ACCESS_DENIED);
  else expectAnswer(one, status);
});

test.each(called3)("%s is answered by the access of its handles", async (_, one) => {
  const { access, opnum } = one.method;
  const [scene, side] = await ready(one, { access: "read" });
  const isAsking = askingCallers.has(opnum) || access === "requested";
  if (isAsking || access === "none") {
    scene.level = null;
    const status = await answer(one, side);
    if (access === "none") expectAnswer(one, status);
    else expect(status).toBe(ERROR_ACCESS_DENIED);
    scene.level = "all";
  }
  const isToRead = !takingSetsOnly.has(opnum);
  if (access === "byCode" && isToRead) {
    expect(await answer(one, side, { controlCode: unknownChange })).toBe(ERROR_ACCESS_DENIED);
  }
  if (access === "all" && !isAsking && isToRead) {
    expect(await answer(one, side)).toBe(ERROR_ACCESS_DENIED);
  }
  const [, all] = await ready(one);
  expectAnswer(one, await answer(one, all));
});
