// Our server's half of shapes.idl: gives back what it is sent, as Wine's does.
import type { ContextHandle } from "@msrpc/ndr";
import {
  type CallContext,
  createRouter,
  type Handlers,
  handleKind,
  type Router,
  RpcFault,
} from "@msrpc/rpc";
import type { Shapes } from "./build.ts";

interface Counter {
  number: number;
}

/** `onRundown` hears the number that a counter was left at. */
export function serveShapes(shapes: Shapes, onRundown: (number: number) => void): Router {
  const counters = handleKind<ContextHandle, Counter>("counter", ({ number }) => onRundown(number));
  const echo =
    (result: (given: never) => number) =>
    ({ given }: { readonly given: never }): object => ({
      taken: given,
      returnValue: result(given),
    });
  const handlers = {
    add: ({ a, b }: Record<"a" | "b", number>) => ({ returnValue: (a + b) | 0 }),
    echoScalars: ({ given }: { given: object }) => ({ taken: given }),
    echoWide: echo((given: string) => given.length),
    echoNarrow: echo((given: string | null) => given?.length ?? -1),
    total: ({ items }: { items: number[] }) => ({
      returnValue: items.reduce((sum, item) => sum + BigInt(item), 0n),
    }),
    reverse({ room, items }: { room: number; items: number[] }) {
      const turned = items.toReversed();
      if (turned.length < room) turned.push(7);
      return { items: turned, returnValue: turned.length };
    },
    echoRun: echo(({ items }: { items: number[] }) => items.length),
    echoCounted: echo(({ length }: { length: number }) => length),
    echoChain: echo((given: { next: unknown } | null) => {
      let count = 0;
      for (let at: unknown = given; at !== null; at = (at as { next: unknown }).next) count++;
      return count;
    }),
    echoChoice: echo(({ type, tag }: { type: number | "default"; tag: number }) =>
      type === "default" ? tag : type,
    ),
    echoTable: echo(({ entries }: { entries: unknown[] | null }) => entries?.length ?? 0),
    squares: ({ wanted }: { wanted: number }) => ({
      items: Array.from({ length: wanted }, (_, i) => BigInt(i * i)),
      returnValue: 0,
    }),
    transpose: ({ given }: { given: number[][] }) => ({
      taken: [0, 1, 2].map((j) => given.map((row) => row[j])),
      returnValue: given[0]?.[0],
    }),
    letters: ({ labels }: { labels: (string | null)[] }) => ({
      returnValue: labels.reduce((sum, label) => sum + (label?.length ?? 1000), 0),
    }),
    openCounter: ({ start }: { start: number }, { handles }: CallContext) => ({
      opened: handles.open(counters, { number: start }),
      returnValue: 0,
    }),
    nextNumber: ({ from }: { from: ContextHandle }, { handles }: CallContext) => ({
      number: handles.get(counters, from).number++,
      returnValue: 0,
    }),
    closeCounter({ closed }: { closed: ContextHandle }, { handles }: CallContext) {
      handles.close(counters, closed);
      return { closed: null, returnValue: 0 };
    },
    fail({ status }: { status: number }) {
      throw new RpcFault(status);
    },
  };
  return createRouter({ onError: console.error }).serve(
    shapes,
    handlers as unknown as Handlers<Shapes["operations"]>,
  );
}
