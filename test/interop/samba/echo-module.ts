// Builds Samba's own server of rpcecho, which Debian leaves out, as a module for the Samba installed here.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../support/command.ts";
import { needPackages, packageVersion } from "../support/packages.ts";
import { commonHeader, fetchSource, folderOf } from "./build.ts";

/** Headers of its source tree that samba-dev doesn't have, or has in other places. */
const headers: Readonly<Record<string, string>> = {
  "includes.h": `${commonHeader}#include <errno.h>\n#include <time.h>\n#include <unistd.h>\n`,
  "system/filesys.h": "",
  "lib/events/events.h": "#include <tevent.h>\n",
  "rpc_server/dcerpc_server.h": "#include <dcerpc_server.h>\n#include <dcesrv_core.h>\n",
};

/** The module's file. It is built once for a version of Samba. */
export function buildEchoModule(): string {
  needPackages(
    "samba",
    "gcc",
    "libc6-dev",
    "dpkg-dev",
    "samba-dev",
    "libtalloc-dev",
    "libtevent-dev",
    "libldb-dev",
    "libparse-yapp-perl",
  );
  const version = packageVersion("samba");
  const out = folderOf(version);
  const module = join(out, "rpcecho.so");
  if (existsSync(module)) return module;
  const work = join(out, "build-rpcecho");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const source = fetchSource(work, version);
  for (const [path, text] of Object.entries(headers)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  compileIdl(work, source);
  compile(work, source);
  renameSync(join(work, "rpcecho.so"), module);
  rmSync(work, { recursive: true });
  return module;
}

function compileIdl(work: string, source: string): void {
  const generated = join(work, "librpc/gen_ndr");
  mkdirSync(generated, { recursive: true });
  const outputs = ["--header", "--server", "--ndr-parser"];
  const idl = join(source, "librpc/idl");
  const options = ["--quiet", `--includedir=${idl}`, `--outputdir=${generated}`, ...outputs];
  const pidl = [`-I${source}/pidl/lib`, `${source}/pidl/pidl`];
  run("perl", [...pidl, ...options, "--", join(idl, "echo.idl")], { cwd: work });
}

function compile(work: string, source: string): void {
  const folder = `/usr/lib/${run("gcc", ["-print-multiarch"]).trim()}/samba`;
  const includes = [".", "librpc", "/usr/include/samba-4.0"].map((path) => `-I${path}`);
  const libraries = [
    "dcerpc-server-core",
    "dcerpc-binding",
    "ndr-standard",
    "ndr",
    "samba-errors",
    "samba-util",
    "tevent",
    "talloc",
    ":libsamba-debug-samba4.so.0",
  ];
  const flags = ["-fPIC", "-shared", "-O2", "-w", ...includes];
  // Samba finds a module by this function.
  const entry = "-Ddcerpc_server_rpcecho_init=samba_init_module";
  const linked = ["-Wl,--no-as-needed", `-L${folder}`, `-Wl,-rpath,${folder}`];
  run(
    "gcc",
    [
      ...flags,
      entry,
      join(source, "source4/rpc_server/echo/rpc_echo.c"),
      ...linked,
      ...libraries.map((name) => `-l${name}`),
      "-o",
      "rpcecho.so",
    ],
    { cwd: work, seconds: 180 },
  );
}
