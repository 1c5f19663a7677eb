// MS-RRP: keys and values of a host's registry, read and written.
import { asTerminatedString, type CountedStringWire } from "@msrpc/ndr";
import { winreg } from "@msrpc/ms-rrp";
import { RpcError } from "@msrpc/rpc";
import { check, demand } from "../support/report.ts";
import {
  clientOf,
  equal,
  failureOf,
  MAXIMUM_ALLOWED,
  same,
  sambaSays,
  type Server,
} from "./talk.ts";

const path = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
/** Where it keeps what is written. */
const writable = "SOFTWARE\\Samba";
const text = 1;
const nothing = { options: 0, samDesired: MAXIMUM_ALLOWED };

const none = { length: 0, maximumLength: 0, buffer: null };
const never = { lowDateTime: 0, highDateTime: 0 };

interface Said {
  readonly subkeys: number;
  readonly longest: number;
  readonly values: number;
  readonly names: readonly string[];
  readonly data: Readonly<Record<string, readonly number[]>>;
}

const name = asTerminatedString.toWire;

export async function checkWinreg(server: Server): Promise<void> {
  await using registry = clientOf(server, winreg);
  const said = (of: string): Said => sambaSays(server, "registry", of) as Said;
  const root = await registry.openLocalMachine({
    serverName: null,
    samDesired: MAXIMUM_ALLOWED,
  });
  const key = await registry.openKey({ key: root, subKey: name(path), ...nothing });

  await check("WINREG: what a key says of itself", async () => {
    const info = await registry.queryInfoKey({ key, classIn: none });
    const theirs = said(path);
    equal("keys", info.subKeyCount, theirs.subkeys);
    equal("longest name", info.maxSubKeyLen, theirs.longest);
    equal("values", info.valueCount, theirs.values);
    return `${info.subKeyCount} keys, ${info.valueCount} values`;
  });

  await check("WINREG: keys below a key, one after the other", async () => {
    const names: string[] = [];
    for (let index = 0; ; index++) {
      const room = { length: 0, maximumLength: 1024, buffer: "" };
      const found = await registry
        .enumKey({ key, index, nameIn: room, classIn: none, lastWriteTime: never })
        .catch((error: unknown) => error);
      if (found instanceof RpcError) {
        equal("the end", found.statusName, "ERROR_NO_MORE_ITEMS");
        break;
      }
      names.push(asTerminatedString.fromWire((found as { nameOut: CountedStringWire }).nameOut));
    }
    same("keys", names, said(path).names);
    return names.join(", ");
  });

  await check("WINREG: a key is made, filled, read and deleted", async () => {
    const parent = await registry.openKey({ key: root, subKey: name(writable), ...nothing });
    const { phkResult: made, disposition } = await registry.createKey({
      key: parent,
      subKey: name("Msrpc"),
      class: none,
      securityAttributes: null,
      disposition: 0,
      ...nothing,
    });
    demand(made !== null, "no key");
    equal("disposition of a new key", disposition, 1);
    const data = new Uint8Array(Buffer.from("a value\0", "utf16le"));
    await registry.setValue({ key: made, valueName: name("Name"), type: text, data });
    const theirs = said(`${writable}\\Msrpc`);
    equal("values", theirs.values, 1);
    equal("octets", theirs.data["Name"], [...data]);
    const asked = { type: 0, data: null, dataSize: 0, len: 0 };
    const size = await registry.queryValue({ key: made, valueName: name("Name"), ...asked });
    equal("octets that it takes", size.dataSize, data.length);
    const read = await registry.queryValue({
      key: made,
      valueName: name("Name"),
      type: 0,
      data: new Uint8Array(),
      dataSize: 64,
      len: 0,
    });
    equal("type", read.type, text);
    equal("octets", read.data, data);
    await registry.deleteValue({ key: made, valueName: name("Name") });
    await registry.closeKey({ key: made });
    await registry.deleteKey({ key: parent, subKey: name("Msrpc") });
    demand(!said(writable).names.includes("Msrpc"), "Samba still lists it");
    return `${data.length} octets`;
  });

  await check("WINREG: a key that is not there", async () => {
    const subKey = name("No such key");
    const failure = await failureOf(registry.openKey({ key, subKey, ...nothing }));
    equal("status", failure, "ERROR_FILE_NOT_FOUND");
    return failure;
  });

  await check("WINREG: the version, and a key that is flushed", async () => {
    const { version } = await registry.getVersion({ key });
    demand(version >= 5, `version ${version}`);
    await registry.flushKey({ key });
    return `version ${version}`;
  });
}
