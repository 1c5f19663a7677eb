/** Which members of an object last, and in which value of its registry key each is kept ([MS-CMRP] 3.1.1.3.3). */
import {
  dword,
  multiSz,
  numberOf,
  type RegistryValue,
  sz,
  textOf,
  textsOf,
} from "@msrpc/cluster-data";

export interface Field<V> {
  /** Name of the value. */
  readonly value: string;
  write(member: V): RegistryValue;
  /** What the member is without a value, or with one of the wrong type. */
  read(value: RegistryValue | undefined): V;
  /** Clients can't set the value by itself: it names the object or ties it to others, which commands keep whole. */
  readonly isTied?: boolean;
}

/** Members without a field are for the moment only. */
export type Fields<T> = { readonly [K in keyof T]?: Field<T[K]> };

export function tied<V>(field: Field<V>): Field<V> {
  return { ...field, isTied: true };
}

export function text(value: string, otherwise = ""): Field<string> {
  return {
    value,
    write: sz,
    read: (found) => (found === undefined ? null : textOf(found)) ?? otherwise,
  };
}

export function number(value: string, otherwise = 0): Field<number> {
  return {
    value,
    write: dword,
    read: (found) => (found === undefined ? null : numberOf(found)) ?? otherwise,
  };
}

export function texts(value: string): Field<readonly string[]> {
  return {
    value,
    write: multiSz,
    read: (found) => (found === undefined ? null : textsOf(found)) ?? [],
  };
}
