/** Whether addresses can be reached. */
import { connect, createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";

export interface Probes {
  /** Whether this machine has an address. */
  isHere(address: string): boolean;
  /** Whether something answers at an address. Whatever it answers will do. */
  answers(address: string, milliseconds: number): Promise<boolean>;
}

/** The endpoint mapper's, where nodes are asked whether they are there; one that refuses it is there too. */
const port = 135;

/** By the system's interfaces and TCP. */
export const systemProbes: Probes = {
  isHere: (address) =>
    Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address)),
  async answers(address, milliseconds) {
    if (!this.isHere(address)) return await connects(address, port, milliseconds);
    // Nobody needs to listen at an address of this machine: the probe itself does.
    const server = createServer((socket) => socket.destroy());
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, address, resolve);
      });
      return await connects(address, (server.address() as AddressInfo).port, milliseconds);
    } catch {
      return false;
    } finally {
      server.close();
    }
  },
};

function connects(host: string, to: number, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: to });
    const end = (answered: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    const timer = setTimeout(() => end(false), milliseconds);
    socket.once("connect", () => end(true));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED"));
  });
}
