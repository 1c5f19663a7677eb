// Builds a Python module of Samba's own NDR codec of an interface, from the source package of the Samba installed here.
//
// python3-samba has no module for clusapi. Samba's IDL compiler makes one: C source that is compiled against samba-dev.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../support/command.ts";
import { needPackages, packageVersion } from "../support/packages.ts";

const cache = new URL("../../../.cache/interop/", import.meta.url).pathname;

/** Where what is built for a version of Samba is kept. */
export function folderOf(version: string): string {
  return join(cache, `samba-${version.replaceAll(/[^\w.+-]/g, "_")}`);
}

/** Interfaces whose types the module shares with Samba's libraries: their headers are needed too. */
const companions = ["misc", "security", "lsa", "winreg"];

/** The folder that holds `<name>.so`, for PYTHONPATH. It is built once for a version of Samba. */
export function buildSambaModule(name: string): string {
  needPackages(
    "gcc",
    "libc6-dev",
    "dpkg-dev",
    "samba-dev",
    "libtalloc-dev",
    "libtevent-dev",
    "python3-dev",
    "python3-samba",
    "python3-talloc-dev",
    "libparse-yapp-perl",
  );
  const version = packageVersion("samba-dev");
  const out = folderOf(version);
  const module = join(out, `${name}.so`);
  if (existsSync(module)) return out;
  const work = join(out, "build");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const source = fetchSource(work, version);
  generate(work, source, name);
  compile(work, name);
  renameSync(join(work, `${name}.so`), module);
  rmSync(work, { recursive: true });
  return out;
}

/** Unpacks the source package, from wherever this machine gets its packages. */
export function fetchSource(work: string, version: string): string {
  const places = run("apt-cache", ["policy", "samba-dev"]).matchAll(
    /^\s+\d+ (\w+:\/\/\S+) (\S+)\/(\S+) \S+ Packages$/gm,
  );
  const lines = [...places].map(([, site, suite, area]) => `deb-src ${site} ${suite} ${area}\n`);
  const list = join(work, "sources.list");
  writeFileSync(list, [...new Set(lines)].join(""));
  mkdirSync(join(work, "lists/partial"), { recursive: true });
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${join(work, "lists")}`,
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  run("apt-get", ["-q", ...options, "update"], { cwd: work, seconds: 120 });
  run("apt-get", ["-q", ...options, "source", `samba=${version}`], { cwd: work, seconds: 240 });
  const folder = readdirSync(work, { withFileTypes: true }).find(
    (entry) => entry.isDirectory() && entry.name.startsWith("samba-"),
  );
  if (folder === undefined) throw new Error("apt-get source gave no samba folder");
  return join(work, folder.name);
}

/** Runs Samba's IDL compiler and lays out the few headers of its source tree that its output names. */
function generate(work: string, source: string, name: string): void {
  const generated = join(work, "librpc/gen_ndr");
  mkdirSync(generated, { recursive: true });
  const compileIdl = (idl: string, ...outputs: string[]): string =>
    run(
      "perl",
      [
        `-I${source}/pidl/lib`,
        `${source}/pidl/pidl`,
        "--quiet",
        `--includedir=${source}/librpc/idl`,
        `--outputdir=${generated}`,
        ...outputs,
        "--",
        `${source}/librpc/idl/${idl}.idl`,
      ],
      { cwd: work },
    );
  compileIdl(name, "--header", "--ndr-parser", "--client", "--python");
  for (const idl of companions) if (idl !== name) compileIdl(idl, "--header", "--ndr-parser");
  const headers = [
    ["source4/librpc/rpc/pyrpc.h", "librpc/rpc"],
    ["source4/librpc/rpc/pyrpc_util.h", "librpc/rpc"],
    ["source4/libcli/util/pyerrors.h", "libcli/util"],
    ["python/py3compat.h", "python"],
    ["python/modules.h", "python"],
  ] as const;
  for (const [file, folder] of headers) {
    mkdirSync(join(work, "include", folder), { recursive: true });
    cpSync(join(source, file), join(work, "include", folder, file.split("/").at(-1) ?? ""));
  }
  writeFileSync(join(work, "include/includes.h"), commonHeader);
  writeFileSync(join(work, "include/python-module.h"), pythonHeader);
}

/** Stands for the header that Samba's own build makes. */
export const commonHeader = `#define _GNU_SOURCE 1
${["stdint", "stdbool", "stdio", "stdlib", "string", "talloc", "tevent"].map((h) => `#include <${h}.h>`).join("\n")}
${["core/ntstatus", "core/werror", "core/error", "util/debug", "util/discard", "util/time"].map((h) => `#include <${h}.h>`).join("\n")}
#ifndef _PUBLIC_
#define _PUBLIC_ __attribute__((visibility("default")))
#endif
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define ZERO_STRUCT(value) memset(&(value), 0, sizeof(value))
#define discard_const_p(type, pointer) ((type *)(uintptr_t)(const void *)(pointer))
`;

/** The compiler forgets to declare one local of EnumValue's request setter, which nothing here calls. */
const pythonHeader = `#define PY_SSIZE_T_CLEAN 1
#include <Python.h>
static PyObject *py_lpcbData = NULL;
`;

function compile(work: string, name: string): void {
  const flags = [
    ...run("/usr/bin/python3-config", ["--includes"]).trim().split(/\s+/),
    ...["include", ".", "librpc", "/usr/include/samba-4.0"].map((folder) => `-I${folder}`),
    "-fPIC",
    "-O1",
    "-w",
  ];
  const options = { cwd: work, seconds: 180 };
  const object = (file: string, ...more: string[]): string => {
    run("gcc", [...flags, ...more, "-c", `librpc/gen_ndr/${file}.c`, "-o", `${file}.o`], options);
    return `${file}.o`;
  };
  const objects = [
    object(`py_${name}`, "-include", "include/python-module.h"),
    object(`ndr_${name}_c`),
  ];
  const triplet = run("gcc", ["-print-multiarch"]).trim();
  const system = `/usr/lib/${triplet}`;
  run(
    "gcc",
    [
      "-shared",
      "-o",
      `${name}.so`,
      ...objects,
      "-Wl,--no-as-needed",
      `-L${system}/samba`,
      library(system, "libpytalloc-util.cpython-"),
      library(`${system}/samba`, "libsamba-python.cpython-"),
      "-l:libndr-samba4.so.0",
      ...["ndr-standard", "ndr", "dcerpc", "dcerpc-binding", "samba-errors", "samba-util"].map(
        (lib) => `-l${lib}`,
      ),
      "-ltevent",
      "-ltalloc",
      `-Wl,-rpath,${system}/samba`,
    ],
    options,
  );
}

/** The linker option for the library in a folder whose name begins so. */
function library(folder: string, start: string): string {
  const found = readdirSync(folder).find((file) => file.startsWith(start));
  if (found === undefined) throw new Error(`no ${start}* in ${folder}`);
  return `-l:${found}`;
}
