import { expect, test } from "vitest";
import { stripHungarian } from "../src/names/hungarian.ts";
import { memberNames, operationName, typeName } from "../src/names/names.ts";
import { splitWords, toKebab } from "../src/names/words.ts";

test.each([
  ["lpszGroupName", ["lpsz", "Group", "Name"]],
  ["lpszCSDVersion", ["lpsz", "CSD", "Version"]],
  ["_ENUM_LIST", ["ENUM", "LIST"]],
  ["sv100_name", ["sv100", "name"]],
  ["UINT128", ["UINT128"]],
])("%s has the words %j", (name, words) => {
  expect(splitWords(name)).toEqual(words);
});

test.each([
  ["lpszGroupName", "GroupName"],
  ["dwType", "Type"],
  ["hResource", "Resource"],
  ["ppClusterOpVerInfo", "ClusterOpVerInfo"],
  ["lppszInterfaceName", "InterfaceName"],
  ["cbData", "DataSize"],
  ["lpcbMaxSubKeyLen", "MaxSubKeyLen"],
  ["cchName", "NameLength"],
  ["lpcValues", "ValueCount"],
  ["nInBufferSize", "InBufferSize"],
  ["samDesired", "samDesired"],
  ["isTargetedAtObject", "isTargetedAtObject"],
  ["State", "State"],
  ["shi502_netname", "netname"],
  ["wki100_ver_major", "ver_major"],
  ["v2_data", "v2_data"],
])("%s without its Hungarian prefix is %s", (name, stripped) => {
  expect(stripHungarian(name)).toBe(stripped);
});

test("members that would be equal keep their full names", () => {
  const names = memberNames(["lpData", "pData", "dwSize"], {});
  expect(Object.fromEntries(names)).toEqual({ lpData: "lpData", pData: "pData", dwSize: "size" });
});

test("renames of an overlay come before the rules", () => {
  const names = memberNames(["lpszCSDVersion"], { members: { lpszCSDVersion: "servicePack" } });
  expect(names.get("lpszCSDVersion")).toBe("servicePack");
});

test("an operation loses its prefix", () => {
  expect(operationName("ApiOpenGroup", { operationPrefixes: ["Api"] })).toBe("openGroup");
});

test("a type goes by its typedef, without prefix and suffix", () => {
  expect(typeName("_NOTIFICATION_RPC", ["NOTIFICATION_RPC"], { typeSuffixes: ["_RPC"] })).toBe(
    "Notification",
  );
  expect(typeName("tagPOINT", [], {})).toBe("Point");
});

test("a file is named in kebab-case", () => {
  expect(toKebab("getNotifyV2")).toBe("get-notify-v2");
});
