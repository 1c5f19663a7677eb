// Serves the workspace's modules to a browser: types stripped, bare imports resolved as Node would.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire, stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";

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
      response.end(
        `<!doctype html><meta charset="utf-8"><script type="module" src="${entry}"></script>`,
      );
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

function moduleText(path: string): string {
  const source = readFileSync(path, "utf8");
  const code = path.endsWith(".ts") ? stripTypeScriptTypes(source) : source;
  return code.replaceAll(
    /^(\s*(?:import|export)\b[^"';]*?\bfrom\s*|\s*\}\s*from\s*|\s*import\s*)(["'])([^"'\n]+)\2/gm,
    (_, head: string, quote: string, name: string) =>
      `${head}${quote}${resolved(name, path)}${quote}`,
  );
}

function resolved(name: string, from: string): string {
  return name.startsWith(".") ? join(dirname(from), name) : createRequire(from).resolve(name);
}
