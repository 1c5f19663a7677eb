/** The messages that are measured, as values of the generated types. */

export interface Item {
  a: number;
  b: number;
  c: number;
  name: string | null;
}

/** Six u32, a 32-character string, 64 u32, 16 nested structures. */
export interface Message {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
  name: string | null;
  values: number[] | null;
  items: Item[] | null;
}

export interface ShareInfo1 {
  netname: string | null;
  type: number;
  remark: string | null;
}

export interface ShareInfo1Container {
  buffer: ShareInfo1[] | null;
}

/** Spread over all 32 bits. */
const spread = (i: number): number => Math.imul(i + 1, 2654435761) >>> 0;
const two = (i: number): string => String(i).padStart(2, "0");

/**
 * The same value with each string in one piece, as parsers and databases give them. Templates make
 * ropes, and every codec here reads those slower.
 */
const flatten = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export function makeMessage(): Message {
  return flatten({
    a: spread(0),
    b: spread(1),
    c: spread(2),
    d: spread(3),
    e: spread(4),
    f: spread(5),
    name: "abcdefghijklmnopqrstuvwxyz012345",
    values: Array.from({ length: 64 }, (_, i) => spread(i)),
    items: Array.from({ length: 16 }, (_, i) => ({
      a: i,
      b: spread(i),
      c: 3,
      name: `item-name-${two(i)}`,
    })),
  });
}

export function makeShares(): ShareInfo1Container {
  return flatten({
    buffer: Array.from({ length: 64 }, (_, i) => ({
      netname: `share-${two(i)}`,
      // Disk, print queue, device, IPC. Protobuf leaves a 0 out.
      type: i % 4,
      remark: `comment of share number ${two(i)} abc`,
    })),
  });
}

const present = (texts: readonly (string | null)[]): string[] =>
  texts.filter((text) => text !== null);

export const textOfMessage = ({ name, items }: Message): string[] =>
  present([name, ...(items ?? []).map((item) => item.name)]);

export const textOfShares = ({ buffer }: ShareInfo1Container): string[] =>
  present((buffer ?? []).flatMap(({ netname, remark }) => [netname, remark]));
