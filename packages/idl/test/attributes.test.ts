import { expect, it } from "vitest";
import { nearest } from "../src/attributes/suggest.ts";
import { attributes, conflict, findAttribute } from "../src/attributes/table.ts";

it("each attribute has one row", () => {
  const names = attributes.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

it("each row says in a line what the attribute is for", () => {
  for (const { name, summary, positions } of attributes) {
    expect(summary, name).toMatch(/^[A-Z][^\n]{3,110}\.$/);
    expect(positions, name).not.toEqual([]);
  }
});

it("conflicts name attributes that there are, and hold both ways", () => {
  for (const row of attributes) {
    for (const name of row.conflicts) {
      const other = findAttribute(name);
      expect(other, name).toBeDefined();
      expect(conflict(other!, row)).toBe(true);
      expect(conflict(row, other!)).toBe(true);
    }
  }
});

it("attributes with words list them, and only those", () => {
  for (const { name, form, words } of attributes) {
    expect(words !== undefined, name).toBe(form === "words");
  }
});

it("a slip is recognised, and what is no slip isn't", () => {
  const names = attributes.map(({ name }) => name);
  expect(nearest("sise_is", names)).toBe("size_is");
  expect(nearest("contexthandle", names)).toBe("context_handle");
  expect(nearest("unqiue", names)).toBe("unique");
  expect(nearest("banana", names)).toBeNull();
});
