// Wine's programs for shapes.idl, from widl's stubs and the C beside them, and our bindings from the same file.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodeIo, run as runMsrpc } from "@msrpc/cli";
import type { InterfaceDescriptor } from "@msrpc/rpc";
import { run } from "../support/command.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Inside the repository, so that what is generated finds the packages it imports. */
const folder = fileURLToPath(new URL("../../../.cache/interop/wine", import.meta.url));
const sources = ["shapes.idl", "common.h", "server.c", "client.c", "loopback.c"];

export interface WinePrograms {
  /** Where the programs are, and Wine's own state. */
  readonly folder: string;
  readonly server: string;
  readonly client: string;
  /** Environment that Wine runs in. */
  readonly env: Readonly<Record<string, string>>;
}

export type Shapes = InterfaceDescriptor;

export function buildPrograms(): WinePrograms {
  mkdirSync(folder, { recursive: true });
  for (const name of sources) copyFileSync(join(here, name), join(folder, name));
  const inFolder = { cwd: folder, seconds: 120 };
  const stubs = { h: "shapes.h", c: "shapes_c.c", s: "shapes_s.c" };
  for (const [kind, file] of Object.entries(stubs)) {
    run("/usr/lib/wine/widl", ["--win64", `-${kind}`, "-o", file, "shapes.idl"], inFolder);
  }
  for (const [program, stub] of [
    ["server", stubs.s],
    ["client", stubs.c],
  ] as const) {
    const args = ["-m64", "-w", "-O1", "-I/usr/include/wine", "-o", `${program}.exe`];
    run("winegcc-stable", [...args, `${program}.c`, stub, "-lrpcrt4"], inFolder);
  }
  run("gcc", ["-shared", "-fPIC", "-o", "loopback.so", "loopback.c", "-ldl"], inFolder);
  const env = {
    WINEPREFIX: join(folder, "prefix"),
    WINEDEBUG: "-all",
    WINEDLLOVERRIDES: "winemenubuilder.exe,winedbg.exe,mscoree,mshtml=",
    DISPLAY: "",
    LD_PRELOAD: join(folder, "loopback.so"),
  };
  if (!existsSync(join(env.WINEPREFIX, "drive_c/windows/system32"))) {
    run("/usr/lib/wine/wine64", ["wineboot", "-i"], { env, seconds: 240 });
  }
  return {
    folder,
    env,
    server: join(folder, "server.exe.so"),
    client: join(folder, "client.exe.so"),
  };
}

/** The descriptor that msrpc generates from the same IDL. */
export async function generateShapes(): Promise<Shapes> {
  const out = join(folder, "bindings");
  const io = { ...nodeIo(), out: () => {} };
  const status = await runMsrpc(["generate", join(here, "shapes.idl"), "--out", out], io);
  if (status !== 0) throw new Error("shapes.idl does not generate");
  const { shapes } = (await import(pathToFileURL(join(out, "index.ts")).href)) as {
    shapes: Shapes;
  };
  return shapes;
}
