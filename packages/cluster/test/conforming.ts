/** Holds servers of tests to the table of methods: a status that a method may not answer fails the test. */
import { RpcError, type ServerInterceptor } from "@msrpc/rpc";
import { afterEach, expect } from "vitest";
import { methods, type Version } from "../src/service/methods/table.ts";

const strays: string[] = [];

afterEach(() => {
  expect(strays.splice(0), "statuses that the table of methods doesn't have").toEqual([]);
});

export const conforming: ServerInterceptor = (next) => async (call) => {
  const hold = (status: unknown): void => {
    const version = call.interface.version.major as Version;
    const method = methods[version].get(call.operation.opnum);
    if (typeof status !== "number" || status === 0 || method?.errors.has(status) === true) return;
    const name = call.interface.statusNames?.[status] ?? String(status);
    strays.push(`${call.operation.name} (${call.operation.opnum}, version ${version}): ${name}`);
  };
  try {
    const result = await next(call);
    hold((result as { readonly returnValue?: unknown } | undefined)?.returnValue);
    return result;
  } catch (error) {
    if (error instanceof RpcError) hold(error.status);
    throw error;
  }
};
