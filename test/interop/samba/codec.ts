// Samba's own codec: decodes a stub, tells what it read, and encodes that again.
import { tryRun, type CommandResult } from "../support/command.ts";
import { needPackages } from "../support/packages.ts";
import type { Form } from "../../support/stubs.ts";
import { hex } from "../../support/hex.ts";

/** A value as Samba's Python modules have it: integers as `{ int: "..." }`. */
export type SambaValue =
  null | boolean | string | readonly SambaValue[] | { readonly [name: string]: SambaValue };

export interface Recoded {
  /** What it encodes from what it decoded. */
  readonly bytes?: string;
  /** Parameters by name, the return value as `result` where it is a status. */
  readonly values?: Readonly<Record<string, SambaValue>>;
  readonly error?: string;
}

export interface RecodeJob {
  readonly opnum: number;
  readonly form: Form;
  /** Null where the response needs none of it. */
  readonly request: Uint8Array | null;
  /** With it, the response is what is recoded, in the light of the request. */
  readonly response?: Uint8Array;
  /** Parameters whose values are not wanted. */
  readonly skip?: readonly string[];
}

const script = new URL("recode.py", import.meta.url).pathname;

/** Opnums that a module has operations for. */
export function sambaOpnums(module: string, folder?: string): number[] {
  return JSON.parse(python(module, folder, ["--list"], "").stdout) as number[];
}

/** `module` is one of `samba.dcerpc`, or stands in `folder`. A crash is an answer too. */
export function recode(module: string, jobs: readonly RecodeJob[], folder?: string): Recoded[] {
  const input = jobs.map(({ opnum, form, request, response, skip = [] }) => ({
    opnum,
    request: request === null ? null : hex(request),
    response: response === undefined ? null : hex(response),
    bigEndian: form.bigEndian,
    ndr64: form.syntax === "ndr64",
    skip,
  }));
  const answers: Recoded[] = [];
  while (answers.length < jobs.length) {
    const rest = input.slice(answers.length);
    const { status, stdout, stderr } = python(module, folder, [], JSON.stringify(rest));
    for (const line of stdout.split("\n")) {
      if (line !== "") answers.push(JSON.parse(line) as Recoded);
    }
    if (status !== null && status !== 0) throw new Error(`recode.py failed:\n${stderr}`);
    if (answers.length < jobs.length) answers.push({ error: "Samba's codec crashed" });
  }
  return answers;
}

function python(
  module: string,
  folder: string | undefined,
  args: readonly string[],
  input: string,
): CommandResult {
  needPackages("python3-samba");
  return tryRun("/usr/bin/python3", [script, module, ...args], {
    input,
    env: folder === undefined ? {} : { PYTHONPATH: folder },
    seconds: 120,
  });
}
