/**
 * The codes for checkpoints ([MS-CMRP] 3.1.1.1.1.1): the paths of registry keys and the containers of cryptographic keys
 * that go with a resource. They are kept below the resource's key. There is one registry, not one more of 32 bits.
 */
import { sz, textOf } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { findKey, fold, type NamedValue } from "../../registry/key.ts";
import { pathOfSubject } from "../../property/subject.ts";
import type { Answerer, Answers, Asked } from "../answer.ts";
import { givenText, texts } from "../octets.ts";

interface Kept {
  readonly value: NamedValue;
  readonly text: string;
}

/** What the values of a key below the resource's say. */
function keptIn({ tx, subject }: Asked<"resource">, name: string): Kept[] {
  const key = findKey(tx.state.registry, `${pathOfSubject(subject)}\\${name}`);
  return [...(key?.values.values() ?? [])].flatMap((value) => {
    const text = textOf(value);
    return text === null ? [] : { value, text };
  });
}

/** How a kind of checkpoint is added, deleted and listed, from the key and what its texts must be like. */
function checkpoints(
  name: string,
  checked: (text: string) => string,
): { readonly add: Answerer<"resource">; delete: Answerer<"resource">; get: Answerer<"resource"> } {
  const same = (one: string, other: string): boolean => fold(one) === fold(other);
  return {
    add(asked) {
      const { tx, subject, input } = asked;
      const text = checked(givenText(input));
      const there = keptIn(asked, name);
      if (there.some((one) => same(one.text, text)))
        throw new RpcError(Status.ERROR_ALREADY_EXISTS);
      const numbers = there.map(({ value }) => Number.parseInt(value.name, 16) || 0);
      const next = Math.max(0, ...numbers) + 1;
      const key = tx.createKey(tx.state.registry, `${pathOfSubject(subject)}\\${name}`);
      tx.setValue(key, next.toString(16).padStart(8, "0"), sz(text));
      return null;
    },
    delete(asked) {
      const { tx, subject, input } = asked;
      const text = checked(givenText(input));
      const found = keptIn(asked, name).find((one) => same(one.text, text));
      if (found === undefined) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
      const key = tx.createKey(tx.state.registry, `${pathOfSubject(subject)}\\${name}`);
      tx.deleteValue(key, found.value.name);
      return null;
    },
    get: (asked) => texts(keptIn(asked, name).map(({ text }) => text)),
  };
}

/** Relative to HKEY_LOCAL_MACHINE. */
function registryPath(text: string): string {
  if (text.startsWith("\\") || text.endsWith("\\") || text.includes("\\\\")) throw refused();
  return text;
}

/** `type\name\container`. */
function cryptoKey(text: string): string {
  const [type = "", name = "", container = "", ...more] = text.split("\\");
  const isWhole = name !== "" && container !== "" && more.length === 0;
  if (!isWhole || !/^\d+$/.test(type)) throw refused();
  return text;
}

function refused(): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "nothing has its place there" });
}

const registry = checkpoints("RegSync", registryPath);
const crypto = checkpoints("CryptoSync", cryptoKey);

export const checkpointAnswers: Answers<"resource"> = {
  RESOURCE_ADD_REGISTRY_CHECKPOINT: registry.add,
  RESOURCE_ADD_REGISTRY_CHECKPOINT_64BIT: registry.add,
  RESOURCE_ADD_REGISTRY_CHECKPOINT_32BIT: registry.add,
  RESOURCE_DELETE_REGISTRY_CHECKPOINT: registry.delete,
  RESOURCE_GET_REGISTRY_CHECKPOINTS: registry.get,
  RESOURCE_ADD_CRYPTO_CHECKPOINT: crypto.add,
  RESOURCE_DELETE_CRYPTO_CHECKPOINT: crypto.delete,
  RESOURCE_GET_CRYPTO_CHECKPOINTS: crypto.get,
};
