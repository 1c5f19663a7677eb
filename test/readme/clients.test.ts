import { expect, test } from "vitest";
import { openGuide } from "./guide.ts";

const guide = await openGuide("clients.md", "server.ts");

test.each(guide.programs)("the guide's %s prints what the guide says", async (program) => {
  expect(await guide.run(program)).toBe(guide.saidOf(program));
});
