// Serves the workspace's modules to a browser: types stripped, bare imports resolved as Node would.
import { readFileSync, realpathSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { findPackageJSON, stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";

export interface ModuleServer {
  readonly origin: string;
  /** What the page posts to /result. */
  readonly result: Promise<string>;
  close(): void;
}

/** Starts on a free port of the loopback address. `/` is a page that runs one module. */
export async function serveModules(entry: string): Promise<ModuleServer> {
  const { promise: result, resolve } = Promise.withResolvers<string>();
  const server: Server = createServer((request, response) => {
    const path = decodeURI(request.url ?? "/");
    if (request.method === "POST") {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => (body += part));
      request.on("end", () => {
        response.end();
        resolve(body);
      });
    } else if (path === "/") {
      response.setHeader("content-type", "text/html");
      response.end(pageText(entry));
    } else if ([".js", ".mjs", ".ts"].includes(extname(path))) {
      response.setHeader("content-type", "text/javascript");
      response.end(moduleText(path));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    result,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A module that does not load posts why. */
function pageText(entry: string): string {
  const report =
    "({ message }) => fetch('/result', { method: 'POST', body: JSON.stringify({ passed: [], failed: [message] }) })";
  return `<!doctype html><meta charset="utf-8"><script>addEventListener("error", ${report})</script>
<script type="module" src="${entry}"></script>`;
}

function moduleText(path: string): string {
  const source = readFileSync(path, "utf8");
  const code = path.endsWith(".ts") ? stripTypeScriptTypes(source) : source;
  return code.replaceAll(
    /^(\s*(?:import|export)\b[^"';]*?\bfrom\s*|\s*\}\s*from\s*|\s*import\s*)(["'])([^"'\n]+)\2/gm,
    (_, head: string, quote: string, name: string) =>
      `${head}${quote}${resolved(name, path)}${quote}`,
  );
}

/** A name that nothing resolves stays: it stands in a string that only looks like an import. */
function resolved(name: string, from: string): string {
  if (name.startsWith(".")) return join(dirname(from), name);
  try {
    const manifest = findPackageJSON(name, pathToFileURL(from));
    return manifest === undefined ? name : realpathSync(join(dirname(manifest), entryOf(manifest)));
  } catch {
    return name;
  }
}

type Exports = string | { readonly [condition: string]: Exports };

/** What a package's name alone stands for, sources before what is built. */
function entryOf(manifest: string): string {
  const { exports: all, main } = JSON.parse(readFileSync(manifest, "utf8")) as {
    exports?: Exports;
    main?: string;
  };
  let found: Exports | undefined = typeof all === "object" ? (all["."] ?? all) : all;
  while (typeof found === "object") {
    const { source, import: module, default: other }: Readonly<Record<string, Exports>> = found;
    found = source ?? module ?? other;
  }
  return found ?? main ?? "index.js";
}
