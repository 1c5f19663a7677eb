/** The one table of attributes: what is accepted where, what it takes, and what it does. */
import { acfAttributes } from "./acf.ts";
import { automationAttributes } from "./automation.ts";
import type { AttributeDefinition } from "./definition.ts";
import { wireAttributes } from "./wire.ts";

/** Every attribute there is, those of the wire first. */
export const attributes: readonly AttributeDefinition[] = [
  ...wireAttributes,
  ...acfAttributes,
  ...automationAttributes,
];

const byName = new Map(attributes.map((definition) => [definition.name, definition]));

/** The row of an attribute, or undefined for a name that is none. */
export function findAttribute(name: string): AttributeDefinition | undefined {
  return byName.get(name);
}

/** Whether two attributes exclude each other on one declaration. */
export function conflict(a: AttributeDefinition, b: AttributeDefinition): boolean {
  return a.conflicts.includes(b.name) || b.conflicts.includes(a.name);
}
