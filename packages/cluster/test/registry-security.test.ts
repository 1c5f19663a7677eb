/** Security descriptors of keys ([MS-CMRP] 3.1.4.2.40, 3.1.4.2.41): set, read, inherited, and held to. */
import { readDescriptor, readSddl, writeDescriptor, writeSddl } from "@msrpc/auth";
import type { KeyHandle } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { key, keyAt, most, startCluster, statusOf, type TestClient } from "./registry-support.ts";

const part = { owner: 1, group: 2, dacl: 4, sacl: 8 } as const;

function buffer(sddl: string | Uint8Array): {
  securityDescriptor: Uint8Array;
  inSecurityDescriptorSize: number;
  outSecurityDescriptorSize: number;
} {
  const octets = typeof sddl === "string" ? writeDescriptor(readSddl(sddl)) : sddl;
  return {
    securityDescriptor: octets,
    inSecurityDescriptorSize: octets.length,
    outSecurityDescriptorSize: octets.length,
  };
}

async function securityOf(client: TestClient, handle: KeyHandle, parts: number): Promise<string> {
  const { securityDescriptor } = await client.getKeySecurity({
    key: handle,
    securityInformation: parts,
    securityDescriptor: buffer(new Uint8Array(1000)),
  });
  return writeSddl(readDescriptor(securityDescriptor.securityDescriptor ?? new Uint8Array(0)));
}

test("the root lets administrators do everything and users read", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  expect(await securityOf(client, root, part.owner | part.group | part.dacl)).toBe(
    "O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)",
  );
});

test("a key has the descriptor of the one above it until it is given its own", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const below = await keyAt(client, "App\\Below");
  expect(await securityOf(client, below, part.dacl)).toBe(
    "D:AI(A;CIID;KA;;;BA)(A;CIID;KA;;;SY)(A;CIID;KR;;;BU)",
  );
  await client.setKeySecurity({
    key: app,
    securityInformation: part.dacl,
    securityDescriptor: buffer("D:(A;CI;KA;;;BA)(A;;KR;;;WD)(A;CIIO;KR;;;AU)(A;CINP;KR;;;IU)"),
  });
  expect(await securityOf(client, app, part.dacl)).toBe(
    "D:(A;CI;KA;;;BA)(A;;KR;;;WD)(A;CIIO;KR;;;AU)(A;CINP;KR;;;IU)",
  );
  expect(await securityOf(client, below, part.dacl)).toBe(
    "D:AI(A;CIID;KA;;;BA)(A;CIID;KR;;;AU)(A;ID;KR;;;IU)",
  );
});

test("only the parts that are named are read and set", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  await client.setKeySecurity({
    key: app,
    securityInformation: part.owner,
    securityDescriptor: buffer("O:WDG:WDD:(D;;KA;;;WD)"),
  });
  expect(await securityOf(client, app, part.owner | part.group)).toBe("O:WDG:SY");
  expect(await securityOf(client, app, part.group)).toBe("G:SY");
  expect(await securityOf(client, app, part.dacl)).toContain("KA;;;BA");
  expect(await securityOf(client, app, 0)).toBe("");
});

test("reading and setting an audit list takes the right to it", async () => {
  const { client } = startCluster();
  const audited = 0x0100_0000;
  const app = await keyAt(client, "App", key.all | audited);
  await client.setKeySecurity({
    key: app,
    securityInformation: part.sacl,
    securityDescriptor: buffer("S:(AU;FA;KA;;;WD)"),
  });
  expect(await securityOf(client, app, part.sacl)).toBe("S:(AU;FA;KA;;;WD)");
  const other = await keyAt(client, "App", key.all);
  const call = client.getKeySecurity({
    key: other,
    securityInformation: part.sacl,
    securityDescriptor: buffer(new Uint8Array(1000)),
  });
  expect(await statusOf(call)).toBe("ERROR_ACCESS_DENIED");
});

test("a descriptor that doesn't fit says how much room it takes", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  const { securityDescriptorSize } = await client.queryInfoKey({ key: root });
  const ask = (room: number): Promise<unknown> =>
    client
      .getKeySecurity({
        key: root,
        securityInformation: part.owner | part.group | part.dacl,
        securityDescriptor: {
          securityDescriptor: new Uint8Array(0),
          inSecurityDescriptorSize: room,
          outSecurityDescriptorSize: 0,
        },
      })
      .catch((error: unknown) => error);
  expect(await ask(securityDescriptorSize - 1)).toMatchObject({
    status: 122,
    response: {
      securityDescriptor: {
        securityDescriptor: new Uint8Array(0),
        inSecurityDescriptorSize: securityDescriptorSize,
        outSecurityDescriptorSize: 0,
      },
    },
  });
  expect(await ask(securityDescriptorSize)).toMatchObject({
    securityDescriptor: { outSecurityDescriptorSize: securityDescriptorSize },
  });
});

test.each([
  ["none", new Uint8Array(0)],
  ["one that is too short", new Uint8Array(19)],
  ["one that is not self-relative", new Uint8Array(20)],
])("a descriptor can't be replaced by %s", async (_, octets) => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const call = client.setKeySecurity({
    key: app,
    securityInformation: part.dacl,
    securityDescriptor: buffer(octets),
  });
  expect(await statusOf(call)).toBe("ERROR_INVALID_PARAMETER");
});

test("a key is made with a descriptor, and its maker has the rights that it asked for", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  const create = (
    rpcSecurityDescriptor: ReturnType<typeof buffer>,
  ): ReturnType<typeof client.createKey> =>
    client.createKey({
      key: root,
      subKey: "App",
      options: 0,
      samDesired: key.all,
      securityAttributes: { length: 0, rpcSecurityDescriptor, inheritHandle: 0 },
    });
  expect(await statusOf(create(buffer(new Uint8Array(20))))).toBe("ERROR_INVALID_SECURITY_DESCR");
  const { returnValue: app } = await create(buffer("D:P(A;CI;KR;;;BA)"));
  await client.setValue({ key: app, valueName: "v", type: 3, data: new Uint8Array(1) });
  expect(await securityOf(client, app, part.owner | part.dacl)).toBe("O:BAD:P(A;CI;KR;;;BA)");
  // From then on the descriptor counts.
  expect(await statusOf(create(buffer("D:P(A;CI;KA;;;BA)")))).toBe("ERROR_ACCESS_DENIED");
  const open = (samDesired: number): Promise<KeyHandle> =>
    client.openKey({ key: root, subKey: "App", samDesired });
  expect(await statusOf(open(key.all))).toBe("ERROR_ACCESS_DENIED");
  await open(key.read);
  expect(await statusOf(client.deleteKey({ key: root, subKey: "App" }))).toBe(
    "ERROR_ACCESS_DENIED",
  );
});

test("a descriptor given for a key that is there replaces the parts that it has", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const root = await client.getRootKey({ samDesired: most });
  const { disposition } = await client.createKey({
    key: root,
    subKey: "App",
    options: 0,
    samDesired: key.all,
    securityAttributes: {
      length: 0,
      rpcSecurityDescriptor: buffer("D:(A;;KA;;;BA)"),
      inheritHandle: 0,
    },
  });
  expect(disposition).toBe(2);
  expect(await securityOf(client, app, part.owner | part.dacl)).toBe("O:BAD:(A;;KA;;;BA)");
});

test("the rights to a descriptor are demanded of the handle and of the caller", async () => {
  const { client, allow } = startCluster();
  await keyAt(client, "App");
  const handle = await keyAt(client, "App", key.setValue);
  const set = {
    key: handle,
    securityInformation: part.dacl,
    securityDescriptor: buffer("D:(A;;KA;;;BA)"),
  };
  expect(await statusOf(client.setKeySecurity(set))).toBe("ERROR_ACCESS_DENIED");
  expect(await statusOf(client.getKeySecurity(set))).toBe("ERROR_ACCESS_DENIED");
  const full = await keyAt(client, "App", key.all);
  allow("read");
  expect(await statusOf(client.setKeySecurity({ ...set, key: full }))).toBe("ERROR_ACCESS_DENIED");
});
