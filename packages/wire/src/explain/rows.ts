/** What a type puts on the wire, part by part, with where each stands in both syntaxes. */
import { charSize, layoutOf, namedType, startAlign } from "../layout/type-layout.ts";
import type { Types } from "../layout/type-layout.ts";
import type { ArrayType, Layout, PipeType, StringType, UnionPlan, WireType } from "../plan.ts";
import { type Syntax, alignUp, syntaxes, wordSize } from "../syntax.ts";
import { type Counts, mostRows, startCounts } from "./counts.ts";
import { exprText, typeText } from "./text.ts";

/** Where a part stands in one syntax; nulls for what depends on the value. */
export interface Cell {
  readonly offset: number | null;
  readonly align: number;
  readonly size: number | null;
}

export interface Row {
  readonly depth: number;
  readonly name: string;
  readonly type: string;
  /** No cells: a heading for what is inside. */
  readonly cells: Readonly<Record<Syntax, Cell | null>> | null;
}

export interface Walk {
  readonly types: Types;
  readonly rows: Row[];
  /** Behind the rest, in this order. */
  readonly deferred: { readonly name: string; readonly type: string }[];
  /** The end of what was walked; null once it depends on the value. */
  readonly end: Record<Syntax, number | null>;
  readonly counts: Counts;
  /** Parts and targets that have no row any more. */
  readonly leftOut: { parts: bigint; targets: bigint };
}

export function startWalk(types: Types): Walk {
  return {
    types,
    rows: [],
    deferred: [],
    end: { ndr: 0, ndr64: 0 },
    counts: startCounts(types),
    leftOut: { parts: 0n, targets: 0n },
  };
}

/** Where in a walk a type stands. */
interface Spot {
  readonly name: string;
  /** The name with that of what it is in. */
  readonly path: string;
  readonly depth: number;
  /** Max counts were already shown, in front of the structure. */
  readonly isHoisted: boolean;
  /** In a structure, union or array: targets of pointers are deferred. */
  readonly isEmbedded: boolean;
}

/** Adds the rows of a parameter, field or type. */
export function walk(state: Walk, type: WireType, spot: Spot): void {
  if (state.rows.length >= mostRows) {
    state.leftOut.parts += state.counts.parts(type);
    state.leftOut.targets += state.counts.targets(type);
    return;
  }
  switch (type.kind) {
    case "primitive":
      return add(state, spot, typeText(type), (syntax) => layoutOf(type, state.types, syntax));
    case "named":
    case "union":
      return walkNamed(state, type, spot);
    case "pointer":
      return walkPointer(state, type, spot);
    case "array":
      return walkArray(state, type, spot);
    case "string":
      return walkString(state, type, spot);
    case "pipe":
      return walkPipe(state, type, spot);
    case "interfacePointer":
      addWord(state, spot, "max count");
      add(state, inside(spot, "count"), "u32", () => ({ align: 4, size: 4 }));
      return add(state, inside(spot, "bytes"), typeText(type), () => varying(1));
  }
}

function varying(align: number): Layout {
  return { align, size: null };
}

function inside(spot: Spot, name: string): Spot {
  return { ...spot, name, depth: spot.depth + 1 };
}

/** Adds a row and moves on past it. `null`: the syntax has no such part. */
function add(
  state: Walk,
  spot: Pick<Spot, "name" | "depth">,
  type: string,
  layout: (syntax: Syntax) => Layout | null,
): void {
  const cells: Record<Syntax, Cell | null> = { ndr: null, ndr64: null };
  for (const syntax of syntaxes) {
    const found = layout(syntax);
    if (!found) continue;
    const { align, size } = found;
    const at = state.end[syntax];
    const offset = at === null ? null : alignUp(at, align);
    cells[syntax] = { offset, align, size };
    state.end[syntax] = offset === null || size === null ? null : offset + size;
  }
  addRow(state, { depth: spot.depth, name: spot.name, type, cells });
}

function addRow(state: Walk, row: Row): void {
  if (state.rows.length < mostRows) state.rows.push(row);
  else state.leftOut.parts++;
}

function defer(state: Walk, name: string, type: string): void {
  if (state.deferred.length < mostRows) state.deferred.push({ name, type });
  else state.leftOut.targets++;
}

function addWord(state: Walk, spot: Spot, name: string, note = ""): void {
  add(state, inside(spot, name), note, (syntax) => ({
    align: wordSize(syntax),
    size: wordSize(syntax),
  }));
}

function heading(state: Walk, spot: Spot, type: string): void {
  addRow(state, { depth: spot.depth, name: spot.name, type, cells: null });
}

function walkNamed(
  state: Walk,
  type: WireType & { readonly kind: "named" | "union" },
  spot: Spot,
): void {
  const plan = namedType(state.types, type.name);
  if (plan.kind === "enum" || plan.kind === "contextHandle") {
    const note = plan.kind === "enum" ? "enum" : "context handle";
    return add(state, spot, `${typeText(type)}, ${note}`, (syntax) => plan.layout[syntax]);
  }
  heading(state, spot, typeText(type));
  if (plan.kind === "union") return walkUnion(state, plan, spot);
  if (!spot.isHoisted) {
    for (let at = 0; at < plan.hoisted; at++) addWord(state, spot, "max count", "hoisted");
  }
  for (const syntax of syntaxes) move(state, syntax, plan.layout[syntax].align);
  plan.fields.forEach((field, at) => {
    const isLast = at === plan.fields.length - 1;
    walk(state, field.type, {
      name: field.name,
      path: spot.path === "" ? field.name : `${spot.path}.${field.name}`,
      depth: spot.depth + 1,
      isHoisted: isLast && plan.hoisted > 0,
      isEmbedded: true,
    });
  });
  const { align } = plan.layout.ndr64;
  const end = state.end.ndr64;
  if (end === null || end % align !== 0) {
    add(state, inside(spot, "padding"), `to a multiple of ${align}`, (syntax) =>
      syntax === "ndr" ? null : { align: 1, size: end === null ? null : alignUp(end, align) - end },
    );
  }
}

function move(state: Walk, syntax: Syntax, align: number): void {
  const at = state.end[syntax];
  if (at !== null) state.end[syntax] = alignUp(at, align);
}

/** The arms of a union stand one for another: each is shown from where the arm begins. */
function walkUnion(state: Walk, plan: UnionPlan, spot: Spot): void {
  move(state, "ndr64", plan.layout.ndr64.align);
  const begin = { ...state.end };
  walk(state, plan.switchType, { ...inside(spot, "tag"), isEmbedded: true });
  for (const syntax of syntaxes) move(state, syntax, plan.armAlign[syntax] ?? 1);
  const armBegin = { ...state.end };
  for (const arm of plan.arms) {
    Object.assign(state.end, armBegin);
    const labels = [...arm.labels, ...(arm.isDefault ? ["default"] : [])].join(", ");
    const type = arm.field?.type;
    if (!type) {
      heading(state, inside(spot, `${labels}: nothing`), "");
      continue;
    }
    add(state, inside(spot, `${labels}: ${arm.field?.name}`), typeText(type), (syntax) => ({
      align: startAlign(type, state.types, syntax),
      size: layoutOf(type, state.types, syntax).size,
    }));
  }
  for (const syntax of syntaxes) {
    const { size } = plan.layout[syntax];
    const at = begin[syntax];
    state.end[syntax] = at === null || size === null ? null : at + size;
  }
  if (plan.hasDeferred) {
    defer(state, spot.path || spot.name, `what the arm of ${plan.name} points to`);
  }
}

function walkPointer(state: Walk, type: WireType & { readonly kind: "pointer" }, spot: Spot): void {
  if (type.id === "none") return walk(state, type.target, spot);
  add(state, spot, typeText(type), (syntax) =>
    type.id === "ndr64" && syntax === "ndr"
      ? null
      : { align: wordSize(syntax), size: wordSize(syntax) },
  );
  if (type.isIgnored) return;
  if (spot.isEmbedded) {
    defer(state, spot.path, typeText(type.target));
  } else {
    // Null or not: what follows has no fixed place.
    Object.assign(state.end, { ndr: null, ndr64: null });
    walk(state, type.target, {
      ...inside(spot, `*${spot.name}`),
      path: `*${spot.path}`,
      isHoisted: false,
    });
  }
}

function walkArray(state: Walk, type: ArrayType, spot: Spot): void {
  heading(state, spot, typeText(type));
  if (!spot.isHoisted) {
    for (const { isConformant, size } of type.dimensions) {
      const note = size !== null && typeof size === "object" ? `= ${exprText(size)}` : "";
      if (isConformant) addWord(state, spot, "max count", note);
    }
  }
  for (const { varying: part } of type.dimensions) {
    if (!part) continue;
    addWord(state, spot, "offset", `= ${part.first ? exprText(part.first) : "0"}`);
    addWord(state, spot, "actual count", part.length ? `= ${exprText(part.length)}` : "");
  }
  const { element } = type;
  add(state, inside(spot, "elements"), `of ${typeText(element)}`, (syntax) => ({
    align: startAlign(element, state.types, syntax),
    size: layoutOf(type, state.types, syntax).size,
  }));
  deferElements(state, element, `${spot.path}[i]`);
}

/** Targets of the pointers in elements, by name of the field. */
function deferElements(state: Walk, element: WireType, path: string): void {
  if (state.deferred.length >= mostRows) {
    state.leftOut.targets += state.counts.targets(element);
  } else if (element.kind === "pointer" && !element.isIgnored) {
    defer(state, path, typeText(element.target));
  } else if (element.kind === "array") {
    deferElements(state, element.element, `${path}[i]`);
  } else if (element.kind === "named" || element.kind === "union") {
    const plan = namedType(state.types, element.name);
    if (plan.kind === "struct" && plan.hasDeferred) {
      for (const { name, type } of plan.fields) deferElements(state, type, `${path}.${name}`);
    } else if (plan.kind === "union" && plan.hasDeferred) {
      defer(state, path, `what the arm of ${plan.name} points to`);
    }
  }
}

/** Chunks, as many as there are, then one that is empty. */
function walkPipe(state: Walk, type: PipeType, spot: Spot): void {
  heading(state, spot, typeText(type));
  const negated = (note: string): void =>
    add(state, inside(spot, "count negated"), note, (syntax) =>
      syntax === "ndr" ? null : { align: 8, size: 8 },
    );
  addWord(state, spot, "count", "of a chunk");
  add(state, inside(spot, "elements"), `of ${typeText(type.element)}`, (syntax) =>
    varying(startAlign(type.element, state.types, syntax)),
  );
  negated("of a chunk");
  addWord(state, spot, "count", "= 0, ends the pipe");
  negated("= 0");
}

function walkString(state: Walk, type: StringType, spot: Spot): void {
  heading(state, spot, typeText(type));
  const note = type.size ? `= ${exprText(type.size)}` : "";
  if (type.isConformant && !spot.isHoisted) addWord(state, spot, "max count", note);
  addWord(state, spot, "offset", "= 0");
  addWord(state, spot, "actual count", "terminator included");
  const size = charSize(type);
  add(state, inside(spot, "characters"), `of ${size} ${size === 1 ? "byte" : "bytes"}`, () =>
    varying(size),
  );
}
