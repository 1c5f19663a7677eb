/** A request for each operation. */
import { type KeyHandle, winreg } from "@msrpc/ms-rrp";
import type { AnyOperation } from "@msrpc/rpc";
import { name, none, room } from "./served.ts";

const { operations: o } = winreg;
const descriptor = {
  securityDescriptor: new Uint8Array(20),
  inSecurityDescriptorSize: 20,
  outSecurityDescriptorSize: 20,
};
const asked = { type: 0, data: new Uint8Array(), dataSize: 64, len: 0 };
const value = { veValuename: name("A"), veValuelen: 0, veValueptr: 0, veType: 0 };

/** Those that take a handle to a key. */
export function requestsFor(key: KeyHandle): readonly (readonly [AnyOperation, object])[] {
  const several = { key, valListIn: [value, value], lpvalueBuf: new Uint8Array(64) };
  const subKey = name("Tool");
  return [
    [
      o.createKey,
      {
        key,
        subKey: name("New"),
        class: none,
        options: 0,
        samDesired: 0x2_0019,
        securityAttributes: { length: 20, rpcSecurityDescriptor: descriptor, inheritHandle: 0 },
        disposition: 0,
      },
    ],
    [o.openKey, { key, subKey, options: 0, samDesired: 0x0200_0000 }],
    [
      o.enumKey,
      {
        key,
        index: 0,
        nameIn: room(64),
        classIn: room(64),
        lastWriteTime: { lowDateTime: 0, highDateTime: 0 },
      },
    ],
    [o.enumValue, { key, index: 0, valueNameIn: room(64), ...asked }],
    [o.flushKey, { key }],
    [
      o.getKeySecurity,
      {
        key,
        securityInformation: 7,
        rpcSecurityDescriptorIn: { ...descriptor, inSecurityDescriptorSize: 400 },
      },
    ],
    [o.loadKey, { key, subKey, file: name("file") }],
    [o.queryInfoKey, { key, classIn: room(64) }],
    [o.queryValue, { key, valueName: name("A"), ...asked }],
    [o.replaceKey, { key, subKey, newFile: name("file"), oldFile: name("old") }],
    [o.restoreKey, { key, file: name("file"), flags: 8 }],
    [o.saveKey, { key, file: name("file"), securityAttributes: null }],
    [o.setKeySecurity, { key, securityInformation: 4, rpcSecurityDescriptor: descriptor }],
    [o.setValue, { key, valueName: name("A"), type: 3, data: new Uint8Array(8) }],
    [o.unLoadKey, { key, subKey }],
    [o.getVersion, { key }],
    [o.queryMultipleValues, several],
    [o.saveKeyEx, { key, file: name("file"), securityAttributes: null, flags: 1 }],
    [o.queryMultipleValues2, several],
    [o.deleteValue, { key, valueName: name("A") }],
    [o.deleteKey, { key, subKey }],
    [o.deleteKeyEx, { key, subKey, accessMask: 0, reserved: 0 }],
    [o.closeKey, { key }],
  ];
}

const opening = { serverName: null, samDesired: 0x0200_0000 };

/** Those that give one without having one. */
export const openings: readonly (readonly [AnyOperation, object])[] = [
  [o.openClassesRoot, opening],
  [o.openCurrentUser, opening],
  [o.openLocalMachine, opening],
  [o.openPerformanceData, opening],
  [o.openUsers, opening],
  [o.openCurrentConfig, opening],
  [o.openPerformanceText, opening],
  [o.openPerformanceNlsText, opening],
];
