/** "IP Address": an address of this machine, or nothing but a state. */
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import type { HostingType, Running } from "./plugin.ts";
import { runProgram } from "./process.ts";

type Interfaces = ReturnType<typeof networkInterfaces>;

export interface IpAddressOptions {
  /**
   * The program that gives addresses to the machine, and takes them away, as Linux' `ip` does; null for nobody may, and
   * resources are software whose addresses the machine doesn't have. Default: null.
   */
  readonly ip?: string | null;
  /** The machine's. */
  readonly found?: () => Interfaces;
}

/**
 * The private property `Address` is one of the machine's while the resource is online: it has failed when it is gone. Where
 * the machine doesn't have it, it is added to the interface that has one of the same subnet, by `SubnetMask`, and taken
 * away again, if `ip` is given.
 */
export function ipAddress({
  ip = null,
  found = networkInterfaces,
}: IpAddressOptions = {}): HostingType {
  return {
    type: "IP Address",
    async online({ text, givenUp }, signal): Promise<Running> {
      const address = text("Address");
      if (address === "") return { offline() {}, terminate() {} };
      if (!isIPv4(address)) throw new TypeError(`${address} is no IPv4 address`);
      const isThere = (): boolean =>
        Object.values(found()).some((all) => all?.some((one) => one.address === address));
      const looks = { looksAlive: isThere, isAlive: isThere };
      if (isThere()) return { offline() {}, terminate() {}, ...looks };
      if (ip === null) return { offline() {}, terminate() {} };
      const mask = text("SubnetMask");
      const prefix = prefixOf(mask);
      const change = (verb: "add" | "del", until: AbortSignal): Promise<void> => {
        const what = [`${address}/${prefix}`, "dev", device];
        const options = { env: process.env, signal: until };
        return runProgram(ip, ["-4", "address", verb, ...what], options);
      };
      const device = deviceOf(found(), address, mask);
      await change("add", signal);
      const leaving = new AbortController();
      let isOver = false;
      return {
        async offline() {
          await change("del", leaving.signal);
          isOver = true;
        },
        async terminate() {
          leaving.abort();
          if (isOver) return;
          isOver = true;
          await change("del", givenUp).catch(() => undefined);
        },
        ...looks,
      };
    },
  };
}

/** The interface that has an address of the same subnet. @throws Error where none has */
function deviceOf(interfaces: Interfaces, address: string, mask: string): string {
  const subnet = (one: string): number => (number(one) & number(mask)) >>> 0;
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    const isOn = addresses.some(
      (one) => one.family === "IPv4" && subnet(one.address) === subnet(address),
    );
    if (isOn) return name;
  }
  throw new Error(`this machine is on no network of ${address} with the mask ${mask}`);
}

/** How many bits of a mask are set. @throws TypeError for what is no mask */
function prefixOf(mask: string): number {
  const bits = isIPv4(mask) ? number(mask).toString(2).padStart(32, "0") : "";
  if (!/^1+0*$/.test(bits)) throw new TypeError(`${mask || "an empty text"} is no SubnetMask`);
  return bits.indexOf("0") === -1 ? 32 : bits.indexOf("0");
}

function number(address: string): number {
  return address.split(".").reduce((all, part) => all * 256 + Number(part), 0);
}
