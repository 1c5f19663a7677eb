/** Reading and writing values ([MS-RRP] 3.1.5.9, 3.1.5.11, 3.1.5.17, 3.1.5.22, 3.1.5.26, 3.1.5.30). */
import { keyRights } from "@msrpc/auth";
import { type KeyHandle, type Rvalent, Status } from "@msrpc/ms-rrp";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { checkValueName, fitted, fold, textIn } from "../names.ts";
import { type RegistryValue, valueTypes } from "../registry.ts";
import { type RegistryHandlers, type Served, useKey, writable } from "./opened-key.ts";

/** Octets of several values that one call gives. The same value may be asked for as often as its name fits into a request. */
const mostAtOnce = 16 << 20;
const linkValue = fold("SymbolicLinkValue");

/** What a client has room for; null for what it doesn't want. */
interface Room {
  readonly type: number | null;
  readonly data: Uint8Array | null;
  readonly dataSize: number | null;
  readonly len: number | null;
}

export function valueMethods(served: Served): RegistryHandlers {
  return {
    queryValue: (request, context) =>
      orNothing(request, async () => {
        const { key } = await useKey(served, context, request.key, keyRights.queryValue);
        const { type, dataSize, len } = request;
        if (type === null || dataSize === null || len === null) throw invalidParameter();
        const value = await key.value(textIn(request.valueName));
        if (value === null) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
        return into(request, value);
      }),
    enumValue: (request, context) =>
      orNothing(request, async () => {
        const { key } = await useKey(served, context, request.key, keyRights.queryValue);
        if (request.data !== null && request.dataSize === null) throw invalidParameter();
        const value = await key.valueAt(request.index);
        if (value === null) throw new RpcError(Status.ERROR_NO_MORE_ITEMS);
        return { valueNameOut: fitted(value.name, request.valueNameIn), ...into(request, value) };
      }),
    async setValue({ key: handle, valueName, type, data }, context) {
      const { key } = await useKey(served, context, handle, keyRights.setValue);
      const name = textIn(valueName);
      checkValueName(name);
      const isLink = key.type === "link";
      if (isLink && fold(name) !== linkValue) throw new RpcError(Status.ERROR_ACCESS_DENIED);
      if (isLink && type !== valueTypes.link) throw invalidParameter();
      writable(key.setValue);
      await key.setValue?.({ name, type, data });
    },
    async deleteValue({ key: handle, valueName }, context) {
      const { key } = await useKey(served, context, handle, keyRights.setValue);
      const name = textIn(valueName);
      writable(key.deleteValue);
      if ((await key.deleteValue?.(name)) !== true) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
    },
    async queryMultipleValues({ key, valListIn, lpvalueBuf }, context) {
      const { values, size } = await several(key, valListIn, context);
      if (size <= (lpvalueBuf?.length ?? 0)) return gathered(valListIn, values, size);
      // How much room it takes is the size of the buffer that comes back.
      const response = { valListOut: valListIn, lpvalueBuf: new Uint8Array(size) };
      throw new RpcError(Status.ERROR_MORE_DATA, { response });
    },
    async queryMultipleValues2({ key, valListIn, lpvalueBuf }, context) {
      const { values, size: ldwRequiredSize } = await several(key, valListIn, context);
      const room = lpvalueBuf?.length ?? 0;
      if (ldwRequiredSize > room) {
        const response = { valListOut: valListIn, ldwRequiredSize };
        throw new RpcError(Status.ERROR_MORE_DATA, { response });
      }
      const { valListOut, lpvalueBuf: data } = gathered(valListIn, values, room);
      return { valListOut, lpvalueBuf: lpvalueBuf && data, ldwRequiredSize };
    },
  };

  /** Values by the names of a list, and what they take together, each at a multiple of four. */
  async function several(
    handle: KeyHandle,
    list: readonly Rvalent[],
    context: CallContext,
  ): Promise<{ readonly values: readonly RegistryValue[]; readonly size: number }> {
    const { key } = await useKey(served, context, handle, keyRights.queryValue);
    const values: RegistryValue[] = [];
    let size = 0;
    for (const { veValuename } of list) {
      if (veValuename === null) throw invalidParameter();
      // No text at all is the default value's name here.
      const isDefault = veValuename.buffer === null && veValuename.length === 0;
      const value = await key.value(isDefault ? "" : textIn(veValuename));
      if (value === null) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
      size = aligned(size) + value.data.length;
      if (size > mostAtOnce) throw new RpcError(Status.ERROR_OUTOFMEMORY);
      values.push(value);
    }
    return { values, size };
  }
}

/**
 * A value as a client has room for it.
 *
 * @throws RpcError ERROR_MORE_DATA where there is too little, with how much it takes
 */
function into({ data: room, dataSize, len, type }: Room, value: RegistryValue): Room {
  const { data } = value;
  const told = {
    type: type === null ? null : value.type,
    dataSize: dataSize === null ? null : data.length,
  };
  if (room === null) return { ...told, data: null, len: len === null ? null : 0 };
  if (data.length > (dataSize ?? 0)) {
    const response = { ...told, data: null, len: len === null ? null : 0 };
    throw new RpcError(Status.ERROR_MORE_DATA, { response });
  }
  return { ...told, data, len: len === null ? null : data.length };
}

/**
 * What a call gives, or its status with what clients look at all the same: how much they asked for, no type and no octets. The
 * parameters are pointers, which a server of Windows can't take away.
 */
async function orNothing<T>({ type, dataSize, len }: Room, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof RpcError) || error.response !== null) throw error;
    const noType = type === null ? null : valueTypes.none;
    const response = { type: noType, data: null, dataSize, len: len === null ? null : 0 };
    throw new RpcError(error.status, { cause: error, response });
  }
}

function gathered(
  list: readonly Rvalent[],
  values: readonly RegistryValue[],
  size: number,
): { readonly valListOut: Rvalent[]; readonly lpvalueBuf: Uint8Array } {
  const lpvalueBuf = new Uint8Array(size);
  let at = 0;
  const valListOut = values.map(({ type, data }, index) => {
    at = aligned(at);
    lpvalueBuf.set(data, at);
    const { veValuename = null } = list[index] ?? {};
    const entry = { veValuename, veValuelen: data.length, veValueptr: at, veType: type };
    at += data.length;
    return entry;
  });
  return { valListOut, lpvalueBuf };
}

function aligned(at: number): number {
  return (at + 3) & ~3;
}

function invalidParameter(): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER);
}
