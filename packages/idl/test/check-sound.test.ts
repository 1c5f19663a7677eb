import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkFiles } from "./support/check-text.ts";

const folder = new URL("sound/", import.meta.url);

it.each(readdirSync(folder))("%s has nothing wrong with it", (name) => {
  const { diagnostics } = checkFiles({ [name]: readFileSync(new URL(name, folder), "utf8") });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
});
