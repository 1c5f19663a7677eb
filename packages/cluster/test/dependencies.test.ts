/** What resources need ([MS-CMRP] 3.1.1.1.2, 3.1.4.2.20 to 3.1.4.2.22, 3.1.4.2.109 to 3.1.4.2.111). */
import { sz } from "@msrpc/cluster-data";
import { ResourceState } from "@msrpc/ms-cmrp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExpression } from "../src/core/expression.ts";
import { onlineGroup } from "../src/core/groups.ts";
import { onlineResource } from "../src/core/online.ts";
import { setValue } from "../src/core/registry.ts";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve, type ServedScene } from "./served-scene.ts";

const four = { G: { a: [], b: [], c: ["b"], d: [] }, Other: { x: [] } };

function start(): ServedScene & { on: Scene } {
  const on = scene(four, "software");
  return { on, ...serve(on) };
}

async function add(on: ServedScene, name: string, provider: string): Promise<unknown> {
  const [resource, dependsOn] = [await on.resource(name), await on.resource(provider)];
  return answerOf(on.client.addResourceDependency({ resource, dependsOn }));
}

async function remove(on: ServedScene, name: string, provider: string): Promise<unknown> {
  const [resource, dependsOn] = [await on.resource(name), await on.resource(provider)];
  return answerOf(on.client.removeResourceDependency({ resource, dependsOn }));
}

async function can(on: ServedScene, name: string, provider: string): Promise<unknown> {
  const [resource, resourceDependent] = [await on.resource(name), await on.resource(provider)];
  return answerOf(on.client.canResourceBeDependent({ resource, resourceDependent }));
}

async function express(on: ServedScene, name: string, text: string | null): Promise<unknown> {
  const resource = await on.resource(name);
  return answerOf(
    on.client.setResourceDependencyExpression({ resource, dependencyExpression: text }),
  );
}

async function expressed(on: ServedScene, name: string): Promise<unknown> {
  const resource = await on.resource(name);
  return (await on.client.getResourceDependencyExpression({ resource })).dependencyExpression;
}

function bring(on: Scene, name: string): void {
  on.cluster.run((tx) => onlineResource(tx, on.resource(name)));
}

test("a dependency is added, told as an expression, and removed", async () => {
  const on = start();
  expect(await add(on, "a", "b")).toBe("ERROR_SUCCESS");
  const id = on.on.resource("b").id;
  expect(await expressed(on, "a")).toBe(`([${id}])`);
  expect(await remove(on, "a", "b")).toBe("ERROR_SUCCESS");
  expect(await expressed(on, "a")).toBe("");
});

test.each([
  ["itself", "a", "a", "ERROR_INVALID_PARAMETER"],
  ["one in another group", "a", "x", "ERROR_INVALID_PARAMETER"],
  ["what it needs already", "c", "b", "ERROR_DEPENDENCY_ALREADY_EXISTS"],
  ["what needs it", "b", "c", "ERROR_CIRCULAR_DEPENDENCY"],
])("a resource can't come to need %s", async (_, name, provider, status) => {
  const on = start();
  expect(await can(on, name, provider)).toBe(status);
  expect(await add(on, name, provider)).toBe(status);
});

test("a resource that is online can't come to need one that isn't; one that is pending needs nothing new", async () => {
  const on = start();
  bring(on.on, "a");
  expect(await add(on, "a", "d")).toBe("ERROR_RESOURCE_ONLINE");
  bring(on.on, "d");
  expect(await can(on, "a", "d")).toBe("ERROR_RESOURCE_ONLINE");
  expect(await add(on, "a", "d")).toBe("ERROR_SUCCESS");
  on.on.cluster.run((tx) =>
    tx.update("resource", on.on.resource("b"), {
      state: ResourceState.OnlinePending,
    }),
  );
  expect(await add(on, "b", "d")).toBe("ERROR_RESOURCE_ONLINE");
  expect(await can(on, "b", "d")).toBe("ERROR_RESOURCE_ONLINE");
  expect(await express(on, "b", "[d]")).toBe("ERROR_RESOURCE_ONLINE");
});

test("a resource that is offline can come to need one that is", async () => {
  const on = start();
  expect(await can(on, "a", "d")).toBe("ERROR_SUCCESS");
  expect(await expressed(on, "a")).toBe("");
});

test("chains of dependencies are at most 100 long", async () => {
  const names = Array.from({ length: 102 }, (_, at) => `r${at}`);
  const chain = Object.fromEntries(
    names.slice(0, 101).map((name, at) => [name, at === 0 ? [] : [`r${at - 1}`]]),
  );
  const on = serve(scene({ G: { ...chain, r101: [], low: [] } }, "software"));
  const tooDeep = "ERROR_DEPENDENCY_TREE_TOO_COMPLEX";
  expect(await can(on, "r101", "r100")).toBe(tooDeep);
  expect(await add(on, "r101", "r100")).toBe(tooDeep);
  expect(await express(on, "r101", "[r100]")).toBe(tooDeep);
  expect(await add(on, "r0", "low")).toBe(tooDeep);
  expect(await add(on, "r101", "r99")).toBe("ERROR_SUCCESS");
});

test("the quorum resource needs nothing", async () => {
  const on = start();
  on.on.cluster.run((tx) => {
    const key = tx.createKey(tx.state.registry, "Quorum");
    setValue(tx, key, "Resource", sz(on.on.resource("a").id));
  });
  const refused = "ERROR_DEPENDENCY_NOT_ALLOWED";
  expect(await add(on, "a", "b")).toBe(refused);
  expect(await can(on, "a", "b")).toBe(refused);
  expect(await express(on, "a", "[b]")).toBe(refused);
});

test("a dependency that there isn't can't be removed, nor one of alternatives that are in use", async () => {
  const on = start();
  expect(await remove(on, "a", "b")).toBe("ERROR_DEPENDENCY_NOT_FOUND");
  await express(on, "a", "[b] or [d]");
  bring(on.on, "a");
  expect(await remove(on, "a", "b")).toBe("ERROR_RESOURCE_ONLINE");
  expect(await remove(on, "a", "d")).toBe("ERROR_SUCCESS");
  expect(await remove(on, "a", "b")).toBe("ERROR_SUCCESS");
});

test("an expression takes the place of what a resource needed, by names or IDs; an empty one clears it", async () => {
  const on = start();
  const { id: b } = on.on.resource("b");
  const { id: c } = on.on.resource("c");
  const { id: d } = on.on.resource("d");
  expect(await express(on, "a", `([b] or [${d}]) and ([c])`)).toBe("ERROR_SUCCESS");
  expect(await expressed(on, "a")).toBe(`([${b}] or [${d}]) and ([${c}])`);
  expect(await express(on, "a", "")).toBe("ERROR_SUCCESS");
  expect(await express(on, "a", "[d]")).toBe("ERROR_SUCCESS");
  expect(await express(on, "a", null)).toBe("ERROR_SUCCESS");
  expect(await expressed(on, "a")).toBe("");
});

test.each([
  ["that is none", "a", "b or", "ERROR_INVALID_PARAMETER"],
  ["with a name that nothing has", "a", "[nobody]", "ERROR_INVALID_PARAMETER"],
  ["with itself", "a", "[b] or [a]", "ERROR_INVALID_PARAMETER"],
  ["with one in another group", "a", "[x]", "ERROR_INVALID_PARAMETER"],
  ["with one twice", "a", "([b]) and ([b])", "ERROR_DEPENDENCY_ALREADY_EXISTS"],
  ["with what it needs already", "c", "[b] or [d]", "ERROR_DEPENDENCY_ALREADY_EXISTS"],
  ["with what needs it", "b", "[c]", "ERROR_CIRCULAR_DEPENDENCY"],
])("an expression %s is refused", async (_, name, text, status) => {
  expect(await express(start(), name, text)).toBe(status);
});

test("a resource that is online needs one of each set online", async () => {
  const on = start();
  bring(on.on, "a");
  bring(on.on, "b");
  expect(await express(on, "a", "([b] or [c]) and ([d])")).toBe("ERROR_RESOURCE_ONLINE");
  expect(await express(on, "a", "[b] or [c]")).toBe("ERROR_SUCCESS");
});

test("the network name is found at the end of a chain, by its private property or its own name", async () => {
  const on = start();
  const resource = await on.resource("c");
  const nameOf = (): Promise<unknown> =>
    on.client.getResourceNetworkName({ resource }).then(
      ({ name }) => name,
      ({ statusName }: { statusName: string }) => statusName,
    );
  expect(await nameOf()).toBe("ERROR_DEPENDENCY_NOT_FOUND");
  const group = await on.group("G");
  const given = { group, resourceName: "Name", resourceType: "network name", flags: 0 };
  await on.client.createResource(given);
  await add(on, "b", "Name");
  expect(await nameOf()).toBe("NAME");
  on.on.cluster.run((tx) => {
    const key = tx.createKey(tx.keyOf("resource", on.on.resource("Name")), "Parameters");
    tx.setValue(key, "Name", sz("SQL1"));
  });
  expect(await nameOf()).toBe("SQL1");
});

test.each([
  ["", []],
  ["[a]", [["a"]]],
  ["[a] or [b]", [["a", "b"]]],
  ["([a])", [["a"]]],
  ["([a] or [b]) and ([c])", [["a", "b"], ["c"]]],
  ["([a]) and [b] and [c]", [["a"], ["b"], ["c"]]],
  ["[NN] AND ([D1] OR [D2])", [["NN"], ["D1", "D2"]]],
  ["([a b]or[c])and([d])", [["a b", "c"], ["d"]]],
  [" ( [a]\r\n or\t[b] ) ", [["a", "b"]]],
])("the expression %j is read", (text, sets) => {
  expect(parseExpression(text)).toEqual(sets);
});

test.each([
  "a",
  "[a",
  "[]",
  "()",
  "[a] [b]",
  "[a] or",
  "and [a]",
  "([a] and [b]) or [c]",
  "(([a]))",
  "[a] or [b] and [c]",
  "[a] xor [b]",
  "([a]",
])("%j is no expression", (text) => {
  expect(parseExpression(text)).toBeNull();
});

test("what is printed is read back", () => {
  const name = fc.stringMatching(/^[a-z0-9 ()-]+$/);
  const set = fc.array(name, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(set, { maxLength: 5 }), (sets) => {
      const text = sets.map((names) => `(${names.map((one) => `[${one}]`).join(" or ")})`);
      expect(parseExpression(text.join(" and "))).toEqual(sets);
    }),
  );
});

test("any text is read or refused, soon", () => {
  const part = fc.constantFrom("[a]", "(", ")", " and ", " or ", "[", "]", "x", " ");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 200 }), (parts) => {
      const sets = parseExpression(parts.join(""));
      expect(sets === null || sets.every((names) => names.length > 0)).toBe(true);
    }),
  );
});

/** How often a group of so many resources, of which one needs the others, is looked at until all of them have been told to start. */
function looksOf(size: number): number {
  const names = Array.from({ length: size }, (_, at) => `r${at}`);
  const on = scene({ G: { ...Object.fromEntries(names.map((name) => [name, []])), last: names } });
  let looks = 0;
  for (const resource of on.state.resources) {
    const { id } = resource;
    Object.defineProperty(resource, "id", { enumerable: true, get: () => (looks++, id) });
  }
  on.cluster.run((tx) => onlineGroup(tx, on.group("G")));
  expect(on.asked).toHaveLength(size);
  return looks;
}

test("a group that is brought online is looked at as often as there are resources and dependencies, and no more", () => {
  expect(looksOf(400)).toBeLessThan(5 * looksOf(100));
});
