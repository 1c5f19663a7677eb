/** What rpcecho does, as Samba's server does it. */
import { setTimeout as delay } from "node:timers/promises";
import { type Info, type rpcecho } from "@msrpc/rpcecho";
import { type Handlers, RpcFault } from "@msrpc/rpc";

/** Octets that a caller may ask for at once. */
const mostOctets = 16 << 20;
/** Timers reach no further than 24 days. */
const day = 86_400;

const infos: readonly Info[] = [
  { type: 1, value: { v: 10 } },
  { type: 2, value: { v: 20 } },
  { type: 3, value: { v: 30 } },
  { type: 4, value: { v: 40n } },
  { type: 5, value: { v1: 50, v2: 60n } },
  { type: 6, value: { v1: 70, info1: { v: 80 } } },
  { type: 7, value: { v1: 80, info4: { v: 90n } } },
];

export const echoHandlers: Handlers<(typeof rpcecho)["operations"]> = {
  addOne: ({ number }) => ({ sum: (number + 1) >>> 0 }),
  echoData: ({ data }) => ({ data }),
  sinkData() {},
  sourceData({ length }) {
    if (length > mostOctets) throw new RpcFault(0x1c00001b); // nca_s_fault_remote_no_memory
    const data = new Uint8Array(length);
    for (let at = 0; at < length; at++) data[at] = at;
    return { data };
  },
  testCall: ({ text }) => ({ echo: text }),
  testCall2({ level }) {
    const info = infos.find(({ type }) => type === level);
    if (info === undefined) throw new RpcFault(0x1c000006); // nca_s_fault_invalid_tag
    return { info };
  },
  async testSleep({ seconds }, { signal }) {
    for (let left = seconds; left > 0; left -= day) {
      await delay(Math.min(left, day) * 1000, undefined, { signal });
    }
    return { returnValue: seconds };
  },
  testEnum: ({ pair, choice }) => ({ pair: { ...pair, e1: 2 }, choice }),
  testSurrounding: ({ data }) => ({
    data: { values: Array.from({ length: 2 * data.values.length }, () => 0) },
  }),
  testDoublePointer: ({ data }) => ({ returnValue: data?.target ?? 0 }),
};
