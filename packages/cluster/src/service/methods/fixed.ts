/** Handlers of the methods that version 3.0 answers with the same error to everybody. */
import { clusapi3 } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Handlers3 } from "../served.ts";
import { methods } from "./table.ts";

export const fixedAnswers: Handlers3 = Object.fromEntries(
  Object.entries(clusapi3.operations).flatMap(([key, { opnum }]) => {
    const answer = methods[3].get(opnum)?.answer ?? null;
    if (answer === null) return [];
    const refuse = (): never => {
      throw new RpcError(answer);
    };
    return [[key, refuse]];
  }),
);
