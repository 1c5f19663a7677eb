/** Definition files, in YAML or JSON, with what is wrong in them by line. */
import { readFileSync } from "node:fs";
import {
  type ClusterDefinition,
  DefinitionError,
  type DefinitionPath,
  defineCluster,
  type HostingType,
  pathText,
  resourceHost,
} from "@msrpc/cluster";
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { because } from "../log.ts";
import { completed } from "./completed.ts";
import { definitionSchema } from "./schema.ts";

/** Everything that is wrong with a file, a line each: `FILE:LINE:COLUMN: groups[0].name: what`. */
export class DefinitionFileError extends Error {
  override readonly name = "DefinitionFileError";
}

/** Anchors that multiply: a file of a few lines must not become one of millions. */
const maxAliases = 1000;

/** @throws DefinitionFileError; the system's error where the file can't be read */
export function readDefinition(
  file: string,
  types: readonly HostingType[] = [],
): ClusterDefinition {
  return parseDefinition(textOf(file), file, types);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : message;
    throw new Error(`--definition ${file}: ${why}`, { cause });
  }
}

/**
 * @param file for messages
 * @param types that code brings along: resources may be of them, with the properties that they have
 * @throws DefinitionFileError
 */
export function parseDefinition(
  text: string,
  file: string,
  types: readonly HostingType[] = [],
): ClusterDefinition {
  const lines = new LineCounter();
  // JSON is YAML as well.
  // The parser's own look for repeated keys goes through all of a map for each of its keys.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, strict: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const failed = (problems: readonly string[], cause?: unknown): DefinitionFileError =>
    new DefinitionFileError(problems.join("\n"), cause === undefined ? {} : { cause });
  const deep = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (deep !== undefined) throw failed([`${at(deep.pos[0])}: ${tooDeep}`], deep);
  const problems = [...document.errors, ...document.warnings, ...repeatedKeys(document.contents)];
  if (problems.length > 0) {
    const first = problems.slice(0, mostMistakes);
    throw failed(first.map(({ pos, message }) => `${at(pos[0])}: ${firstLine(message)}`));
  }
  const placed = (path: DefinitionPath, problem: string): string =>
    `${at(offsetOf(document.contents, path))}: ${pathText(path)}: ${problem}`;
  const { success, data, error } = definitionSchema.safeParse(plainOf(document, placed));
  if (!success) {
    throw failed(error.issues.flatMap(problemsOf).map(([path, problem]) => placed(path, problem)));
  }
  const definition = completed(data, types);
  const wrong = mistakesIn(definition, types);
  if (wrong.length > 0) {
    throw failed(
      wrong.map(({ path, problem }) => placed(path, problem)),
      wrong[0],
    );
  }
  return definition;
}

const tooDeep = "it is nested too deeply";

interface Problem {
  readonly pos: readonly [number, number];
  readonly message: string;
}

/** Members that an object has twice. Those that are texts alone count: no others are members. */
function repeatedKeys(contents: Node | null): Problem[] {
  const found: Problem[] = [];
  const open: unknown[] = [contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const known = new Set<string>();
    for (const { key, value } of node.items) {
      open.push(value);
      if (!isScalar(key)) continue;
      const name = String(key.value);
      const [start, end] = key.range ?? [0, 0];
      if (known.has(name)) found.push({ pos: [start, end], message: `${name} is there twice` });
      known.add(name);
    }
  }
  return found.toSorted((a, b) => a.pos[0] - b.pos[0]);
}

/** Mistakes that are told at once: more are no help. */
const mostMistakes = 50;

/** What a cluster can't be made of. What can be left out is left out, and all else looked at again. */
function mistakesIn(
  definition: ClusterDefinition,
  types: readonly HostingType[],
): readonly DefinitionError[] {
  const surroundings = { now: () => 0, newId: () => crypto.randomUUID() };
  const found: DefinitionError[] = [];
  const left = structuredClone(definition);
  while (found.length < mostMistakes) {
    try {
      defineCluster(left, surroundings, resourceHost({ types }));
      return found;
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      found.push(error);
      if (!leaveOut(left, error.path)) return found;
    }
  }
  return found;
}

/** What an object is nothing without. */
const needed: ReadonlySet<DefinitionPath[number]> = new Set(["name", "type", "node", "nodes"]);

/** Takes the member away that a path leads to, or the list that it is in: places of others stay. Says whether it could. */
function leaveOut(definition: ClusterDefinition, path: DefinitionPath): boolean {
  const at = path.findLastIndex((step) => typeof step === "string");
  const member = path[at];
  let owner: unknown = definition;
  for (const step of path.slice(0, at)) owner = (owner as Record<string | number, unknown>)[step];
  if (member === undefined || needed.has(member) || typeof owner !== "object" || owner === null) {
    return false;
  }
  return member in owner && Reflect.deleteProperty(owner, member);
}

function plainOf(
  document: ReturnType<typeof parseDocument>,
  placed: (path: DefinitionPath, problem: string) => string,
): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases }) ?? {};
  } catch (cause) {
    const why = cause instanceof RangeError ? tooDeep : because(cause);
    throw new DefinitionFileError(placed([], why), { cause });
  }
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";
}

type Issue = z.core.$ZodIssue;

/** A value that fits no form is told what is wrong with it in the form that it comes next to. */
function problemsOf(issue: Issue): readonly (readonly [DefinitionPath, string])[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => [[...path, key], "there is no such member"]);
  }
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [[path, wordsOf(issue)]];
  const depth = (issues: readonly Issue[]): number =>
    Math.max(...issues.map(({ path: below }) => below.length));
  const deepest = Math.max(...issue.errors.map(depth));
  if (deepest === 0) return [[path, "it is of none of the forms that it can have"]];
  const nearest = issue.errors.find((issues) => depth(issues) === deepest) ?? [];
  return nearest.flatMap(problemsOf).map(([below, problem]) => [[...path, ...below], problem]);
}

function wordsOf({ message }: Issue): string {
  return message.replace(/^Invalid input: /, "");
}

/** Where in the text a path leads; as far as it goes. */
function offsetOf(contents: Node | null, path: DefinitionPath): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && String((item.key as { value?: unknown }).value) === String(step),
      );
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
