/** Gives attributes their meaning: checks each against the table and resolves its arguments. */
import type { Attribute, AttributeArg, Expr } from "../ast.ts";
import type { AttributeDefinition, AttributePosition } from "../attributes/definition.ts";
import { attributes as table, conflict, findAttribute } from "../attributes/table.ts";
import {
  argumentCount,
  argumentForm,
  conflictingAttributes,
  misplacedAttribute,
  repeatedAttribute,
  unknownAttribute,
} from "../catalogue/semantics.ts";
import type { AttributeArgValue, Attributes, AttributeValue } from "../program.ts";
import type { Context, Place } from "./context.ts";
import { didYouMean } from "./did-you-mean.ts";
import { correlate, type Neighbours } from "./correlation.ts";
import { evaluate } from "./evaluate.ts";
import { asWarnings } from "./report.ts";
import { applyParts, constantInteger, constantNames, resolveSpec } from "./types.ts";
import { readUuid, readVersion } from "./uuid.ts";

const noNeighbours: Neighbours = { owner: "", kind: "name", symbols: new Map() };

/** Attributes of one declaration by name. Those that break a rule are complained of and left out. */
export function resolveAttributes(
  context: Context,
  place: Place,
  written: readonly Attribute[],
  position: AttributePosition,
  neighbours: Neighbours = noNeighbours,
): Attributes {
  const resolved = new Map<string, AttributeValue>();
  const rows = new Map<AttributeDefinition, Attribute>();
  for (const node of written) {
    const { name } = node.name;
    const row = findAttribute(name);
    if (!row) {
      const names = table.map((known) => known.name);
      const hint = didYouMean(context, name, names, (meant) => `[${meant}]`);
      context.report(unknownAttribute, node.name.span, { name }, hint);
    } else if (!row.positions.includes(position)) {
      const places = row.positions.map(inPlace).join(", ");
      context.report(misplacedAttribute, node.name.span, {
        name,
        place: inPlace(position),
        places,
      });
    } else if (rows.has(row) && row.name !== "custom") {
      const first = rows.get(row)!;
      const related = [{ message: "first given here", span: first.span }];
      const isHarmless = !first.args && !node.args && (first.span.via ?? node.span.via);
      const report = isHarmless ? asWarnings(context.report) : context.report;
      report(repeatedAttribute, node.name.span, { name }, { related });
    } else if (!contradicts(context, rows, row, node)) {
      rows.set(row, node);
      const args = resolveArguments(context, place, neighbours, row, node);
      // a malformed uuid is still one, lest the interface seem to have none
      if (args || row.form === "uuid") {
        resolved.set(name, { name, span: node.span, args: args ?? [] });
      }
    }
  }
  return resolved;
}

/** "an operation": a position, for messages. */
function inPlace(position: AttributePosition): string {
  if (position === "type") return "a structure, union or enumeration";
  return `${/^[aeio]/.test(position) ? "an" : "a"} ${position}`;
}

function contradicts(
  context: Context,
  rows: ReadonlyMap<AttributeDefinition, Attribute>,
  row: AttributeDefinition,
  node: Attribute,
): boolean {
  for (const [other, first] of rows) {
    if (!conflict(other, row)) continue;
    context.report(
      conflictingAttributes,
      node.name.span,
      { first: other.name, second: row.name },
      { related: [{ message: `[${other.name}] is here`, span: first.span }] },
    );
    return true;
  }
  return false;
}

// ---- arguments ---------------------------------------------------------------------------------

function resolveArguments(
  context: Context,
  place: Place,
  neighbours: Neighbours,
  row: AttributeDefinition,
  node: Attribute,
): AttributeArgValue[] | null {
  const given = node.args ?? [];
  const [min, max] = row.count;
  if (given.length < min || given.length > max || (row.form === "none" && node.args)) {
    const wanted =
      max === 0 ? "no arguments" : min === max ? plural(min) : `${min} to ${plural(max)}`;
    const none = node.args ? "empty parentheses" : "none";
    const found = given.length === 0 ? none : String(given.length);
    context.report(argumentCount, node.span, { name: row.name, wanted, found });
    return null;
  }
  const values: AttributeArgValue[] = [];
  for (const arg of given) {
    const value = resolveArgument(context, place, neighbours, row, arg);
    if (!value) return null;
    context.argumentSpans.set(value, arg.span);
    values.push(value);
  }
  return values;
}

function plural(count: number): string {
  return count === 1 ? "1 argument" : `${count} arguments`;
}

function resolveArgument(
  context: Context,
  place: Place,
  neighbours: Neighbours,
  row: AttributeDefinition,
  arg: AttributeArg,
): AttributeArgValue | null {
  const wrong = (wanted: string): null => {
    context.report(argumentForm, arg.span, { name: row.name, wanted });
    return null;
  };
  const expr = asExpression(arg);
  switch (row.form) {
    case "dimensions":
      if (arg.$type === "Omitted") return { kind: "omitted" };
      return expr
        ? { kind: "expr", expr: correlate(context, place, neighbours, expr) }
        : wrong("an expression");
    case "expression":
      return expr
        ? { kind: "expr", expr: correlate(context, place, neighbours, expr) }
        : wrong("an expression");
    case "constants": {
      const value = expr ? constantInteger(context, place, expr) : wrong("a constant");
      return value === null ? null : { kind: "expr", expr: { op: "const", value } };
    }
    case "value": {
      const value = expr ? evaluate(expr, constantNames(context, place)) : wrong("a constant");
      if (!value) return null;
      if (value.kind === "integer")
        return { kind: "expr", expr: { op: "const", value: value.value } };
      return text(value.kind === "null" ? "NULL" : String(value.value));
    }
    case "strings":
      return expr?.$type === "String" ? text(expr.value) : wrong("a string");
    case "uuid":
      return readUuid(context, arg);
    case "version":
      return readVersion(context, arg);
    case "type":
      return resolveTypeArgument(context, place, arg) ?? wrong("a type");
    case "name":
      return expr?.$type === "Name" ? text(expr.name) : wrong("a name");
    case "words":
      if (expr?.$type === "Name" && row.words?.includes(expr.name)) return text(expr.name);
      return wrong(`one of ${row.words?.join(", ")}`);
    case "raw":
    case "none":
      return text(context.textOf(arg.span));
  }
}

function text(value: string): AttributeArgValue {
  return { kind: "text", text: value };
}

/** A name alone may have been read as a type. */
function asExpression(arg: AttributeArg): Expr | null {
  if (arg.$type === "Omitted") return null;
  if (arg.$type === "Raw") {
    return /^[A-Za-z_]\w*$/.test(arg.text)
      ? { $type: "Name", span: arg.span, name: arg.text }
      : null;
  }
  if (arg.$type !== "TypeArg") return arg;
  const isName = arg.type.$type === "NamedType" && arg.declarator.parts.length === 0;
  if (!isName || arg.declarator.name || arg.type.$type !== "NamedType") return null;
  return { $type: "Name", span: arg.span, name: arg.type.name.name };
}

function resolveTypeArgument(
  context: Context,
  place: Place,
  arg: AttributeArg,
): AttributeArgValue | null {
  if (arg.$type === "TypeArg") {
    const base = resolveSpec(context, place, arg.type);
    return { kind: "type", type: applyParts(context, place, base, arg.declarator.parts) };
  }
  if (arg.$type !== "Name") return null;
  const { span, name } = arg;
  const named = { $type: "NamedType", span, name: { name, span }, isConst: false } as const;
  return { kind: "type", type: resolveSpec(context, place, named) };
}
