/** Protocol towers: an interface, a transfer syntax and a stack of protocols in one string of octets ([C706] L). */
import { formatUuid, isUuid, putUuid, type SyntaxId } from "@msrpc/ndr";
import { addressOf, checkWord, type Floor, floorId, readFloor } from "./floor.ts";
import { TowerError } from "./tower-error.ts";

export interface ProtocolTower {
  readonly interface: SyntaxId;
  readonly transferSyntax: SyntaxId;
  /** From the third floor on: RPC protocol, port, network address. */
  readonly floors: readonly Floor[];
}

/** The limit of [MS-RPCE] 2.2.1.2.2. */
const maxOctets = 2000;
/** [MS-RPCE] 3.1.3.5.3 lets towers with more be rejected. */
const maxFloors = 6;
const minFloors = 3;
const uuidFloor = 0x0d;

/**
 * The tower that octets are. What is no known protocol is kept as it came.
 *
 * @throws TowerError
 */
export function decodeTower(octets: Uint8Array): ProtocolTower {
  if (octets.length > maxOctets) {
    throw new TowerError("too_long", `a tower of ${octets.length} octets, at most ${maxOctets}`);
  }
  const reader = new SideReader(octets);
  const count = reader.word();
  if (count < minFloors || count > maxFloors) {
    throw new TowerError("bad_floor_count", `${count} floors, not ${minFloors} to ${maxFloors}`);
  }
  const interfaceId = readSyntax(reader, "interface");
  const transferSyntax = readSyntax(reader, "transfer syntax");
  const floors: Floor[] = [];
  for (let i = 2; i < count; i++) {
    const left = reader.side();
    const [id] = left;
    if (id === undefined) throw new TowerError("bad_floor", `floor ${i + 1} names no protocol`);
    floors.push(readFloor(id, left.slice(1), reader.side().slice()));
  }
  if (reader.left > 0) {
    throw new TowerError("trailing_data", `${reader.left} octets behind the last floor`);
  }
  return { interface: interfaceId, transferSyntax, floors };
}

/** @throws TowerError for what has no form in a tower */
export function encodeTower(tower: ProtocolTower): Uint8Array {
  const { floors } = tower;
  const count = floors.length + 2;
  if (count < minFloors || count > maxFloors) {
    throw new TowerError("bad_floor_count", `${count} floors, not ${minFloors} to ${maxFloors}`);
  }
  const sides = [
    ...syntaxSides(tower.interface),
    ...syntaxSides(tower.transferSyntax),
    ...floors.flatMap((floor) => {
      const related = floor.protocol === "other" ? floor.related : [];
      return [Uint8Array.of(floorId(floor), ...related), addressOf(floor)];
    }),
  ];
  const length = sides.reduce((sum, side) => sum + 2 + side.length, 2);
  if (length > maxOctets) {
    throw new TowerError("too_long", `a tower of ${length} octets, at most ${maxOctets}`);
  }
  const octets = new Uint8Array(length);
  const view = new DataView(octets.buffer);
  view.setUint16(0, count, true);
  let at = 2;
  for (const side of sides) {
    view.setUint16(at, side.length, true);
    octets.set(side, at + 2);
    at += 2 + side.length;
  }
  return octets;
}

/** Sides of floors one after the other, each with its length before it; little-endian and never aligned. */
class SideReader {
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  get left(): number {
    return this.#octets.length - this.#at;
  }

  word(): number {
    const [low = 0, high = 0] = this.#take(2);
    return low | (high << 8);
  }

  side(): Uint8Array {
    return this.#take(this.word());
  }

  #take(length: number): Uint8Array {
    if (length > this.left) {
      throw new TowerError(
        "too_short",
        `${length} octets wanted at ${this.#at}, ${this.left} are left`,
      );
    }
    const at = this.#at;
    this.#at = at + length;
    return this.#octets.subarray(at, at + length);
  }
}

function readSyntax(reader: SideReader, what: string): SyntaxId {
  const left = reader.side();
  const right = reader.side();
  if (left[0] !== uuidFloor || left.length !== 19 || right.length !== 2) {
    throw new TowerError("bad_syntax_floor", `the floor of the ${what} is no UUID with a version`);
  }
  const view = new DataView(left.buffer, left.byteOffset, left.length);
  const [low = 0, high = 0] = right;
  const version = { major: view.getUint16(17, true), minor: low | (high << 8) };
  return { uuid: formatUuid(view, 1, true), version };
}

function syntaxSides({ uuid, version }: SyntaxId): Uint8Array[] {
  if (!isUuid(uuid)) throw new TowerError("bad_value", `${uuid} is no UUID`);
  const left = new Uint8Array(19);
  const view = new DataView(left.buffer);
  left[0] = uuidFloor;
  putUuid(view, 1, true, uuid);
  view.setUint16(17, checkWord(version.major, "major version"), true);
  const minor = checkWord(version.minor, "minor version");
  return [left, Uint8Array.of(minor, minor >> 8)];
}
