/** How control codes are answered: each by a function of a transaction, the object and the input. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Transaction } from "../core/transaction.ts";
import type { Subject, SubjectKind } from "../property/subject.ts";
import type { Machine } from "./machine.ts";

export type SubjectOf<K extends SubjectKind> = Extract<Subject, { readonly kind: K }>;

export interface Asked<K extends SubjectKind> {
  readonly tx: Transaction;
  readonly subject: SubjectOf<K>;
  readonly object: SubjectOf<K>["object"];
  readonly input: Uint8Array;
  /** Octets that the caller has room for. */
  readonly room: number;
  /** Of the protocol. */
  readonly version: number;
  readonly machine: Machine;
}

/** What a code gives: octets, nothing, or that it has set properties that count after a restart. */
export type Answer = Uint8Array | null | "stored";

export type Answerer<K extends SubjectKind> = (asked: Asked<K>) => Answer;

/** By the names of codes. */
export type Answers<K extends SubjectKind> = Readonly<Record<string, Answerer<K>>>;

/** The answer of what doesn't know a code, or has nothing that it could work on. */
export function unsupported(): never {
  throw new RpcError(Status.ERROR_INVALID_FUNCTION);
}
