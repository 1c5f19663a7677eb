/** Guides whose programs are run: each block of code that names a file, and what the guide says that it prints. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Guide {
  /** Files that are programs, and no parts of others. */
  readonly programs: readonly string[];
  /** What the guide says that a program prints. */
  saidOf(program: string): string | undefined;
  /** What it prints, with all files of the guide beside it. */
  run(program: string): Promise<string>;
}

export async function openGuide(page: string, ...parts: readonly string[]): Promise<Guide> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const blocks = [...text.matchAll(/<!-- example: (\S+) -->\s+```ts\n([\s\S]*?)```/g)];
  return {
    programs: blocks.map(([, name = ""]) => name).filter((name) => !parts.includes(name)),
    saidOf(program) {
      const from = text.indexOf(`<!-- example: ${program} -->`);
      return /It prints\s+```text\n([\s\S]*?)```/.exec(text.slice(from))?.[1];
    },
    async run(program) {
      const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
      try {
        for (const [, name = "", code = ""] of blocks) await writeFile(join(folder, name), code);
        const args = ["--conditions=source", program];
        return (await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout;
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}
