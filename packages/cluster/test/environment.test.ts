/** What others may see of the environment that the cluster runs in. */
import { expect, onTestFinished, test, vi } from "vitest";
import { sharedVariables } from "../src/property/environment.ts";

test("variables of the system and of the language are shared, and none that anybody else has made", () => {
  const own = { SECRET_TOKEN: "x", AWS_SECRET_ACCESS_KEY: "x", PATH_TO_KEY: "x", XLC_ALL: "x" };
  const shared = { PATH: "/bin", Home: "/root", LC_ALL: "C", SystemRoot: "C:\\Windows" };
  expect(sharedVariables({ ...own, ...shared, TZ: undefined })).toEqual(shared);
});

test("clients that read EXPAND_SZ values see none but those", async () => {
  vi.stubEnv("SECRET_TOKEN", "hidden");
  vi.stubEnv("HOME", "/somewhere");
  vi.resetModules();
  onTestFinished(() => void vi.unstubAllEnvs());
  const { thisMachine } = await import("../src/control/machine.ts");
  expect(thisMachine.environment).toMatchObject({ HOME: "/somewhere" });
  expect(thisMachine.environment).not.toHaveProperty("SECRET_TOKEN");
});
