/** Errors that the document lists, as a client throws them. */
import { Cluster, ClusterError } from "@msrpc/clusapi";
import { ControlStatus } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { inMemoryTransport, RpcError, RpcFault } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { methods } from "../../cluster/src/service/methods/table.ts";
import { allCodes } from "../../cluster/src/control/all-codes.ts";
import { meanings } from "../src/errors/meanings.ts";
import { statusName } from "../src/errors/status-name.ts";
import { fakeRouter } from "./support.ts";

/** Every status that a method's table or a control code's section names, by number. */
function documented(): Set<number> {
  const statuses = new Set<number>(Object.values(ControlStatus));
  for (const version of [2, 3] as const) {
    for (const { errors } of methods[version].values()) for (const one of errors) statuses.add(one);
  }
  const byName: Readonly<Record<string, number>> = { ...Status, ...ControlStatus };
  for (const { errors } of Object.values(allCodes).flat()) {
    for (const one of errors) statuses.add(typeof one === "number" ? one : (byName[one] ?? -1));
  }
  return statuses;
}

const all = [...documented()].toSorted((a, b) => a - b);

test("they are many", () => {
  expect(all.length).toBeGreaterThan(80);
});

test.each(all.map((status) => [statusName(status), status] as const))(
  "%s is an error by that name, in words",
  async (codeName, status) => {
    const router = fakeRouter({
      openGroupEx() {
        throw new RpcError(status);
      },
    });
    await using cluster = await Cluster.over(inMemoryTransport(router));
    const error = await cluster
      .group("SQL")
      .status()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClusterError);
    expect(error).toMatchObject({ code: status, codeName, operation: "ApiOpenGroupEx" });
    expect(codeName).not.toMatch(/^status/);
    expect(meanings[codeName]?.means).toMatch(/\.$/);
  },
);

test("what the runtime answers for a status is that status", async () => {
  const router = fakeRouter({
    openGroupEx() {
      throw new RpcFault(0x1c00_001a);
    },
  });
  await using cluster = await Cluster.over(inMemoryTransport(router));
  await expect(cluster.group("SQL").status()).rejects.toMatchObject({
    codeName: "ERROR_INVALID_HANDLE",
    operation: "ApiOpenGroupEx",
  });
  await expect(cluster.node("node1").state()).rejects.toMatchObject({
    codeName: "RPC_S_PROCNUM_OUT_OF_RANGE",
    operation: "ApiOpenNodeEx",
  });
});

test("a program asks for an error by its name", () => {
  const options = { codeName: "ERROR_GROUP_NOT_FOUND", operation: "ApiOpenGroup", object: "x" };
  const error = new ClusterError(Status.ERROR_GROUP_NOT_FOUND, options);
  expect(ClusterError.is(error)).toBe(true);
  expect(ClusterError.is(error, "ERROR_ACCESS_DENIED", "ERROR_GROUP_NOT_FOUND")).toBe(true);
  expect(ClusterError.is(error, "ERROR_ACCESS_DENIED")).toBe(false);
  expect(ClusterError.is(new Error("x"))).toBe(false);
});
