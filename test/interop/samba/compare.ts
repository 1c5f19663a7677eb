// Compares values as our interpreter has them with values as Samba's Python modules have them.
import type { StructValue, Value } from "@msrpc/wire";
import type { SambaValue } from "./codec.ts";

/** What differs, a line each. Samba names a returned handle as it likes, so it is what is left over. */
export function differences(
  ours: StructValue,
  theirs: Readonly<Record<string, SambaValue>>,
): string[] {
  const found: string[] = [];
  const left = new Set(Object.keys(theirs));
  const unnamed: string[] = [];
  for (const [name, value] of Object.entries(ours)) {
    if (left.delete(name)) compare(name, value, theirs[name] ?? null, found);
    else unnamed.push(name);
  }
  const [rest = ""] = left;
  if (unnamed.length === 1 && left.size === 1) {
    compare(rest, ours[unnamed[0] ?? ""] ?? null, theirs[rest] ?? null, found);
  } else if (unnamed.length > 0 || left.size > 0) {
    found.push(`ours alone: ${unnamed.join(" ")}; Samba's alone: ${[...left].join(" ")}`);
  }
  return found;
}

function compare(path: string, ours: Value, theirs: SambaValue, found: string[]): void {
  const differ = (): void => {
    found.push(`${path}: ours ${show(ours)}, Samba's ${JSON.stringify(theirs)}`);
  };
  if (typeof ours === "number" || typeof ours === "bigint" || typeof ours === "boolean") {
    const number = integerOf(theirs);
    if (number === null || !isSame(BigInt(ours), number)) differ();
  } else if (ours === null || typeof ours === "string") {
    if (ours !== theirs && !(ours === null && isNullHandle(theirs))) differ();
  } else if (ours instanceof Uint8Array || Array.isArray(ours)) {
    const items = [...(ours as Iterable<Value>)];
    if (!isList(theirs) || items.length !== theirs.length) return differ();
    items.forEach((item, index) =>
      compare(`${path}[${index}]`, item, theirs[index] ?? null, found),
    );
  } else if ("attributes" in ours && "uuid" in ours) {
    if (!isRecord(theirs) || theirs["uuid"] !== ours["uuid"]) differ();
  } else if (isFileTime(ours)) {
    const number = integerOf(theirs);
    if (number === null || fileTime(ours) !== number) differ();
  } else if (isRecord(theirs)) {
    for (const [name, value] of Object.entries(ours as StructValue)) {
      compare(`${path}.${name}`, value, theirs[name] ?? null, found);
    }
  } else differ();
}

/** Samba reads a FILETIME as one number. */
function isFileTime(value: object): value is { dwLowDateTime: number; dwHighDateTime: number } {
  return "dwLowDateTime" in value && "dwHighDateTime" in value;
}

function fileTime({
  dwLowDateTime,
  dwHighDateTime,
}: {
  dwLowDateTime: number;
  dwHighDateTime: number;
}): bigint {
  return (BigInt(dwHighDateTime) << 32n) | BigInt(dwLowDateTime);
}

function isWord(value: bigint): boolean {
  return value >= -(1n << 31n) && value < 1n << 32n;
}

/** Equal as bits: one side may take the sign bit for a sign. */
function isSame(ours: bigint, theirs: bigint): boolean {
  const bits = isWord(ours) && isWord(theirs) ? 32 : 64;
  return BigInt.asUintN(bits, ours) === BigInt.asUintN(bits, theirs);
}

function integerOf(value: SambaValue): bigint | null {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return isRecord(value) && typeof value["int"] === "string" ? BigInt(value["int"]) : null;
}

function isNullHandle(value: SambaValue): boolean {
  return isRecord(value) && value["uuid"] === "00000000-0000-0000-0000-000000000000";
}

function isList(value: SambaValue): value is readonly SambaValue[] {
  return Array.isArray(value);
}

function isRecord(value: SambaValue): value is { readonly [name: string]: SambaValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: Value): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "bigint" ? String(part) : part,
  );
}
