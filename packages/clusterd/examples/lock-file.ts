// A resource type in one file: a file that is there as long as its resource is online.
// clusterd --type examples/lock-file.ts
import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { type HostingType, properties } from "@msrpc/cluster";

const lockFile: HostingType = {
  type: "Lock File",
  properties: [properties.sz("Path")],
  online({ text }) {
    const path = text("Path");
    if (path === "") throw new TypeError("a Lock File needs a Path");
    // Fails where the file is there already.
    closeSync(openSync(path, "wx"));
    const remove = (): void => rmSync(path, { force: true });
    return { offline: remove, terminate: remove, looksAlive: () => existsSync(path) };
  },
};

export default lockFile;
