/** A terminal of tests, at a cluster of its own. */
import { Cluster, type ConnectOptions } from "@msrpc/clusapi";
import type { ClusterDefinition } from "@msrpc/cluster";
import { run } from "@msrpc/clusctl";
import { inMemoryTransport, type Router } from "@msrpc/rpc";
import { clusterRouter } from "../../clusapi/test/support.ts";

interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Terminal {
  /** What it was connected with last. */
  readonly connected: { binding: string; options: ConnectOptions };
  run(...args: string[]): Promise<Printed>;
  /** Runs it, and hears of what it prints as it does, with what interrupts it. */
  follow(args: string[], heard: (text: string, interrupt: () => void) => void): Promise<number>;
}

export interface TerminalOptions {
  readonly router?: Router;
  readonly definition?: Partial<ClusterDefinition>;
  readonly isTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** What is typed when something is asked. */
  readonly answer?: string;
}

/** A cluster that every command of it sees, without a network. */
export function terminal(options: TerminalOptions = {}): Terminal {
  const { isTerminal = false, env = { CLUSCTL_SERVER: "node1" }, answer = "" } = options;
  const router =
    options.router ??
    clusterRouter({ policy: () => "all", minimumLevel: "none" }, options.definition);
  const connected: { binding: string; options: ConnectOptions } = { binding: "", options: {} };
  return {
    connected,
    async follow(args, heard) {
      let interrupt = (): void => {};
      return await run(args, {
        isTerminal,
        out: (text) => heard(text, () => interrupt()),
        err: (text) => heard(text, () => interrupt()),
        env: (name) => env[name],
        read: () => Promise.resolve(""),
        ask: () => Promise.resolve(answer),
        askSecret: () => Promise.resolve(answer),
        onInterrupt(callback) {
          interrupt = callback;
          return () => {};
        },
        connect: () => Cluster.over(inMemoryTransport(router)),
      });
    },
    async run(...args) {
      let out = "";
      let err = "";
      const asked = (question: string): Promise<string> => {
        err += question;
        return Promise.resolve(answer);
      };
      const code = await run(args, {
        isTerminal,
        out: (text) => void (out += text),
        err: (text) => void (err += text),
        env: (name) => env[name],
        read: (path) => Promise.resolve(options.files?.[path] ?? ""),
        ask: asked,
        askSecret: asked,
        onInterrupt: () => () => {},
        connect(binding, options) {
          Object.assign(connected, { binding, options });
          return Cluster.over(inMemoryTransport(router));
        },
      });
      return { code, out, err };
    },
  };
}
