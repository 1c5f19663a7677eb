/** What a comparison of plans finds. */
import type { Place } from "../plan.ts";
import type { Syntax } from "../syntax.ts";

/**
 * - `same`: the same octets, and nobody refuses them
 * - `compatible`: what has been understood before still is; there is more that can be said
 * - `breaking`: what one side may send, the other refuses or reads as something else
 */
export type Verdict = "same" | "compatible" | "breaking";

/** For each transfer syntax by itself. */
export type Verdicts = Readonly<Record<Syntax, Verdict>>;

/** The name of what changed where it is declared; `endColumn` stands behind its last character. */
export interface ChangeRange extends Place {
  readonly endColumn: number;
}

export interface Change {
  /** From the operation or type on: `lpcbData`, `return`; empty for itself. */
  readonly path: string;
  readonly verdicts: Verdicts;
  /** What it was and what it is. */
  readonly reason: string;
  /** Null for what is not there. */
  readonly before: ChangeRange | null;
  readonly after: ChangeRange | null;
}

export interface ComparedItem {
  readonly kind: "interface" | "operation" | "type";
  /** `clusapi`, `clusapi.ApiOpenGroup`, `ENUM_LIST`. */
  readonly name: string;
  /** Of its own changes, and of the types that it uses. */
  readonly verdicts: Verdicts;
  readonly changes: readonly Change[];
  /** Types whose changes are the reason for its verdict, by name: the nearest, at most eight. */
  readonly because: readonly string[];
}

export interface Comparison {
  readonly verdicts: Verdicts;
  /** Interfaces, operations by opnum, then types by name; what is the same too. */
  readonly items: readonly ComparedItem[];
}

/**
 * What of a message is compared: in a request old clients send, in a response new servers do. `asked`: a union of a
 * response whose arm the request chooses, so that nobody gets one that he doesn't know.
 */
export type Way = "request" | "response" | "asked";

export const breaking: Verdicts = { ndr: "breaking", ndr64: "breaking" };

export const compatible: Verdicts = { ndr: "compatible", ndr64: "compatible" };

/** What takes more values now: requests may have said less, but an old client gets answers that it refuses. */
export function widened(way: Way): Verdicts {
  return way === "response" ? breaking : compatible;
}

/** What takes fewer values now. */
export function narrowed(way: Way): Verdicts {
  return way === "response" ? compatible : breaking;
}

const ranks: Readonly<Record<Verdict, number>> = { same: 0, compatible: 1, breaking: 2 };

export function worst(all: readonly Verdicts[]): Verdicts {
  const of = (syntax: Syntax): Verdict =>
    all.reduce<Verdict>(
      (most, each) => (ranks[each[syntax]] > ranks[most] ? each[syntax] : most),
      "same",
    );
  return { ndr: of("ndr"), ndr64: of("ndr64") };
}

export function isSame({ ndr, ndr64 }: Verdicts): boolean {
  return ndr === "same" && ndr64 === "same";
}

/** The range of a name at a place. */
export function rangeOf({
  name,
  place,
}: {
  readonly name: string;
  readonly place: Place;
}): ChangeRange {
  return { ...place, endColumn: place.column + name.length };
}
