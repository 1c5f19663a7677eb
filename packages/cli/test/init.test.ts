import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo } from "./memory-io.ts";

test("init makes a protocol that checks and is generated at once", async () => {
  const io = memoryIo({});
  expect(await run(["init", "ms-echo"], io)).toBe(0);
  expect([...io.files.keys()]).toEqual(
    expect.arrayContaining([
      "msrpc.json",
      "idl/ms-echo/ms-echo.idl",
      "idl/ms-echo/ms-echo.overlay.json",
      "generated/ms-echo/package.json",
      "generated/ms-echo/src/ms-echo/lookup.ts",
      "generated/ms-echo/test/ms-echo.test.ts",
    ]),
  );
  expect(await run(["check", "idl/ms-echo/ms-echo.idl"], io)).toBe(0);
  expect(await run(["generate", "--check"], io)).toBe(0);
});

test("init adds to a config and takes its scope", async () => {
  const io = memoryIo({});
  await run(["init", "first"], io);
  io.write("msrpc.json", (io.files.get("msrpc.json") ?? "").replace('"first"', '"@example/first"'));
  expect(await run(["init", "second", "--uuid", "60A15EC5-4DE8-11D7-A637-005056A20182"], io)).toBe(
    0,
  );
  expect(JSON.parse(io.files.get("msrpc.json") ?? "")).toMatchObject({
    packages: [{ name: "@example/first" }, { name: "@example/second" }],
  });
  expect(io.files.get("idl/second/second.idl")).toContain("60a15ec5-4de8-11d7-a637-005056a20182");
});

test("init refuses a name or UUID that is none, and overwrites nothing", async () => {
  for (const args of [["Bad_Name"], ["a b"], ["../up"], ["ok", "--uuid", "42"]]) {
    const io = memoryIo({});
    expect(await run(["init", ...args], io), args.join(" ")).toBe(2);
    expect(io.files.size).toBe(0);
  }
  const io = memoryIo({ "idl/ms-echo/ms-echo.idl": "mine" });
  expect(await run(["init", "ms-echo"], io)).toBe(2);
  expect(io.files.get("idl/ms-echo/ms-echo.idl")).toBe("mine");
});
