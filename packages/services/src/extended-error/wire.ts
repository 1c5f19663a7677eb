/** Between records and their form on the wire. */
import type { ExtendedErrorInfo, ParamValue } from "@msrpc/ms-eerr";
import type { ErrorParameter, ErrorRecord } from "./record.ts";

const flags = { missingBefore: 1, missingAfter: 2 } as const;

/** Milliseconds from 1601 to 1970. */
const epoch = 11_644_473_600_000;
const ticksPerMillisecond = 10_000;

export function recordOf(info: ExtendedErrorInfo): ErrorRecord {
  const { value: name } = info.computerName;
  return {
    computerName: name.type === 1 ? textOf(name.value.text) : null,
    processId: info.processId,
    time: new Date(Number(info.timeStamp / BigInt(ticksPerMillisecond)) - epoch),
    component: info.generatingComponent,
    status: info.status,
    location: info.detectionLocation,
    parameters: info.params.map(({ value }) => parameterOf(value)),
    missingBefore: (info.flags & flags.missingBefore) !== 0,
    missingAfter: (info.flags & flags.missingAfter) !== 0,
  };
}

export function infoOf(record: ErrorRecord, next: ExtendedErrorInfo | null): ExtendedErrorInfo {
  const { computerName, missingBefore, missingAfter } = record;
  const name = computerName === null ? null : { text: terminated(computerName) };
  return {
    next,
    computerName: { value: name === null ? { type: 2 } : { type: 1, value: name } },
    processId: record.processId,
    timeStamp: BigInt(record.time.getTime() + epoch) * BigInt(ticksPerMillisecond),
    generatingComponent: record.component,
    status: record.status,
    detectionLocation: record.location,
    flags: (missingBefore ? flags.missingBefore : 0) | (missingAfter ? flags.missingAfter : 0),
    params: record.parameters.map((parameter) => ({ value: valueOf(parameter) })),
  };
}

function parameterOf(value: ParamValue): ErrorParameter {
  switch (value.type) {
    case 1:
      return { type: "ansi", value: textOf(latin1(value.value.octets)) };
    case 2:
      return { type: "unicode", value: textOf(value.value.text) };
    case 3:
      return { type: "long", value: value.value };
    case 4:
      return { type: "short", value: value.value };
    case 5:
      return { type: "pointer", value: value.value };
    case 6:
      return { type: "none" };
    case 7:
      return { type: "binary", value: value.value.octets ?? new Uint8Array(0) };
  }
}

function valueOf(parameter: ErrorParameter): ParamValue {
  switch (parameter.type) {
    case "ansi":
      return { type: 1, value: { octets: octetsOf(terminated(parameter.value)) } };
    case "unicode":
      return { type: 2, value: { text: terminated(parameter.value) } };
    case "long":
      return { type: 3, value: parameter.value };
    case "short":
      return { type: 4, value: parameter.value };
    case "pointer":
      return { type: 5, value: parameter.value };
    case "none":
      return { type: 6 };
    case "binary":
      return { type: 7, value: { octets: parameter.value } };
  }
}

function terminated(text: string): string {
  return `${text}\0`;
}

/** What stands before the terminator; all of it without one. */
function textOf(text: string | null): string {
  const [value = ""] = (text ?? "").split("\0");
  return value;
}

function latin1(octets: Uint8Array | null): string {
  return Array.from(octets ?? [], (octet) => String.fromCharCode(octet)).join("");
}

/** @throws TypeError for characters that ISO 8859-1 doesn't have */
function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xff) throw new TypeError(`${character} is not in ISO 8859-1, use "unicode"`);
    return code;
  });
}
