/** Where an object exporter or object resolver is reached, and with which security ([MS-DCOM] 2.2.19). */
import type { DualStringArray } from "@msrpc/ms-dcom";
import { DcomError } from "./dcom-error.ts";

/** [MS-DCOM] 2.2.19.3. */
export interface StringBinding {
  /** The protocol as towers number it: 7 is ncacn_ip_tcp. Never 0. */
  readonly towerId: number;
  /** `server` of an object resolver, `server[endpoint]` of an object exporter. */
  readonly networkAddress: string;
}

/** [MS-DCOM] 2.2.19.4. */
export interface SecurityBinding {
  /** The security provider: 10 is NTLM. Never 0. */
  readonly authenticationService: number;
  /** The service principal name; empty where there is none. */
  readonly principalName: string;
}

/** Both in decreasing order of preference. */
export interface Bindings {
  readonly strings: readonly StringBinding[];
  readonly securities: readonly SecurityBinding[];
}

/** Sent where a security binding keeps a place. */
const reserved = 0xffff;
/** What a count of 16 bits can say. */
const mostUnits = 0xffff;

/** @throws DcomError for units that are no such bindings; its offset counts octets from the first unit */
export function readDualStringArray({ units, securityOffset }: DualStringArray): Bindings {
  if (securityOffset > units.length)
    throw new DcomError(
      `security bindings begin at unit ${securityOffset} of ${units.length}`,
      2 * units.length,
    );
  const strings: StringBinding[] = [];
  const first = new Units(units, 0, securityOffset);
  for (let towerId = first.next(); towerId !== 0; towerId = first.next())
    strings.push({ towerId, networkAddress: first.text() });
  const securities: SecurityBinding[] = [];
  const second = new Units(units, securityOffset, units.length);
  for (let service = second.next(); service !== 0; service = second.next()) {
    second.next();
    securities.push({ authenticationService: service, principalName: second.text() });
  }
  return { strings, securities };
}

/**
 * Bindings as they are sent.
 *
 * @throws RangeError for a number that ends the list, text with a zero in it, or more than fits
 */
export function dualStringArrayOf({ strings, securities }: Bindings): DualStringArray {
  const first = strings.flatMap(({ towerId, networkAddress }) => [
    numbered(towerId),
    ...unitsOf(networkAddress),
  ]);
  const second = securities.flatMap(({ authenticationService, principalName }) => [
    numbered(authenticationService),
    reserved,
    ...unitsOf(principalName),
  ]);
  const units = [...ended(first), ...ended(second)];
  if (units.length > mostUnits)
    throw new RangeError(
      `the bindings take ${units.length} units of 16 bits, and ${mostUnits} fit`,
    );
  return { securityOffset: ended(first).length, units };
}

/** A list with its end. One without bindings has an empty one, which is a zero as well. */
function ended(units: readonly number[]): number[] {
  return units.length === 0 ? [0, 0] : [...units, 0];
}

function numbered(value: number): number {
  if (Number.isInteger(value) && value > 0 && value <= 0xffff) return value;
  throw new RangeError(`a binding's number is from 1 to 65535, and not ${value}`);
}

function unitsOf(text: string): number[] {
  if (text.includes("\0")) throw new RangeError("text of a binding ends at its first zero");
  return [...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)), 0];
}

/** Units from one place up to another. */
class Units {
  readonly #units: readonly number[];
  readonly #end: number;
  #at: number;

  constructor(units: readonly number[], start: number, end: number) {
    this.#units = units;
    this.#at = start;
    this.#end = end;
  }

  next(): number {
    const unit = this.#at < this.#end ? this.#units[this.#at] : undefined;
    if (unit === undefined) throw new DcomError("bindings have no end", 2 * this.#at);
    this.#at++;
    return unit;
  }

  text(): string {
    const parts: string[] = [];
    for (let unit = this.next(); unit !== 0; unit = this.next())
      parts.push(String.fromCharCode(unit));
    return parts.join("");
  }
}
