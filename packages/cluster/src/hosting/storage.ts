/** "Physical Disk" and "File Share Witness", where what they stand for is a path of this machine; otherwise nothing but states. */
import { access, constants, open, opendir, rm, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { HostingType, Running } from "./plugin.ts";

/** Has nothing to look at, and nothing to stop. */
const software: Running = { offline() {}, terminate() {} };

/**
 * The private property `DiskPath` is a folder that is mounted, or a block device: it is online while it can be read, and
 * is of the device that it was of when it came online. What no absolute path of this machine names is software.
 */
export const physicalDisk: HostingType = {
  type: "Physical Disk",
  async online({ text }) {
    const path = text("DiskPath");
    if (!isAbsolute(path)) return software;
    const found = await stat(path);
    if (!found.isDirectory() && !found.isBlockDevice()) {
      throw new TypeError(`${path} is neither a folder nor a block device`);
    }
    const read = async (): Promise<void> => {
      if (found.isBlockDevice()) await (await open(path, "r")).close();
      else await (await opendir(path)).close();
    };
    await read();
    const isSame = async (): Promise<boolean> => {
      const { dev, rdev } = await stat(path);
      return dev === found.dev && rdev === found.rdev;
    };
    return {
      ...software,
      looksAlive: isSame,
      async isAlive() {
        await read();
        return await isSame();
      },
    };
  },
};

/**
 * The private property `SharePath` is a folder: it is online while files can be written there. A share of the network, as
 * `\\server\share`, is software: mount it, and name the folder.
 */
export const fileShareWitness: HostingType = {
  type: "File Share Witness",
  async online({ text, resource }) {
    const path = text("SharePath");
    if (!isAbsolute(path)) return software;
    const write = async (): Promise<boolean> => {
      const file = join(path, `.witness-${resource.id}`);
      await using written = await open(file, "w", 0o600);
      try {
        await written.writeFile(`${resource.name}\n`);
        await written.sync();
      } finally {
        await rm(file, { force: true });
      }
      return true;
    };
    await write();
    return {
      ...software,
      async looksAlive() {
        await access(path, constants.W_OK);
        return true;
      },
      isAlive: write,
    };
  },
};
