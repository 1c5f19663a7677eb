/** References to objects, as the octets of an interface pointer ([MS-DCOM] 2.2.18). */
import type { DualStringArray, StdObjref } from "@msrpc/ms-dcom";
import type { InterfacePointer } from "@msrpc/ndr";
import { type Bindings, dualStringArrayOf, readDualStringArray } from "./bindings.ts";
import { DcomError } from "./dcom-error.ts";
import { OctetReader, OctetWriter } from "./octets.ts";

/** `iid`: the interface that the reference is to. */
export type Objref = { readonly iid: string } & (
  | { readonly kind: "standard"; readonly std: StdObjref; readonly bindings: Bindings }
  /** With the class that stands for the object at the client. */
  | {
      readonly kind: "handler";
      readonly std: StdObjref;
      readonly clsid: string;
      readonly bindings: Bindings;
    }
  /** Data that an unmarshaler of this class knows of. */
  | { readonly kind: "custom"; readonly clsid: string; readonly data: Uint8Array }
  /** With the object's context. */
  | {
      readonly kind: "extended";
      readonly std: StdObjref;
      readonly bindings: Bindings;
      readonly contextId: string;
      readonly context: Uint8Array;
    }
);

/** `MEOW`, which every reference begins with. */
const signature = 0x574f454d;
/** `VYSN`, twice in an extended one. */
const extendedSignature = 0x4e535956;

/** The flags that tell the kinds apart. */
export const objrefKinds = { standard: 1, handler: 2, custom: 4, extended: 8 } as const;

/**
 * The reference that an interface pointer is. What stands behind it is left alone, as some senders fill up.
 *
 * @throws DcomError for octets that are none
 */
export function readObjref(octets: Uint8Array): Objref {
  const r = new OctetReader(octets);
  r.expect(signature, "the signature");
  const flags = r.u32("flags");
  const iid = r.uuid("the IID");
  switch (flags) {
    case objrefKinds.standard:
      return { iid, kind: "standard", std: readStd(r), bindings: readBindings(r) };
    case objrefKinds.handler: {
      const std = readStd(r);
      return { iid, kind: "handler", std, clsid: r.uuid("the class"), bindings: readBindings(r) };
    }
    case objrefKinds.custom: {
      const clsid = r.uuid("the class");
      r.u32("the size of extensions");
      r.u32("what is reserved");
      return { iid, kind: "custom", clsid, data: r.bytes(r.left, "data") };
    }
    case objrefKinds.extended:
      return { iid, kind: "extended", ...readExtended(r) };
    default:
      throw new DcomError(`0x${flags.toString(16)} is no kind of reference`, 4);
  }
}

/**
 * The octets of a reference.
 *
 * @throws TypeError for an identifier that is no UUID; RangeError for bindings or a context that can't be sent
 */
export function writeObjref(objref: Objref): InterfacePointer {
  const w = new OctetWriter();
  w.u32(signature);
  w.u32(objrefKinds[objref.kind]);
  w.uuid(objref.iid);
  if (objref.kind === "custom") {
    w.uuid(objref.clsid);
    w.u32(0);
    // Ignored by who reads it; others send this.
    w.u32(objref.data.length + 8);
    w.bytes(objref.data);
    return w.octets;
  }
  const { flags, publicRefs, oxid, oid, ipid } = objref.std;
  w.u32(flags);
  w.u32(publicRefs);
  w.u64(oxid);
  w.u64(oid);
  w.uuid(ipid);
  if (objref.kind === "handler") w.uuid(objref.clsid);
  if (objref.kind === "extended") w.u32(extendedSignature);
  const { units, securityOffset } = dualStringArrayOf(objref.bindings);
  w.u16(units.length);
  w.u16(securityOffset);
  for (const unit of units) w.u16(unit);
  if (objref.kind === "extended") writeContext(w, objref.contextId, objref.context);
  return w.octets;
}

function readStd(r: OctetReader): StdObjref {
  return {
    flags: r.u32("flags of the object"),
    publicRefs: r.u32("the number of references"),
    oxid: r.u64("the OXID"),
    oid: r.u64("the OID"),
    ipid: r.uuid("the IPID"),
  };
}

function readBindings(r: OctetReader): Bindings {
  const count = r.u16("the number of units");
  const securityOffset = r.u16("the place of security bindings");
  const start = r.offset;
  const array: DualStringArray = { securityOffset, units: r.u16s(count, "bindings") };
  try {
    return readDualStringArray(array);
  } catch (error) {
    if (!(error instanceof DcomError)) throw error;
    throw new DcomError(error.message.replace(/ \(offset \d+\)$/, ""), start + error.offset);
  }
}

function readExtended(r: OctetReader): Omit<Extract<Objref, { kind: "extended" }>, "iid" | "kind"> {
  const std = readStd(r);
  r.expect(extendedSignature, "the first signature of a context");
  const bindings = readBindings(r);
  r.expect(1, "the number of contexts");
  r.expect(extendedSignature, "the second signature of a context");
  const contextId = r.uuid("the context's identifier");
  const at = r.offset;
  const size = r.u32("the context's size");
  const rounded = r.u32("the context's size, rounded up");
  if (rounded !== roundedUp(size))
    throw new DcomError(`a context of ${size} octets takes ${roundedUp(size)}, not ${rounded}`, at);
  return { std, bindings, contextId, context: r.bytes(rounded, "a context").slice(0, size) };
}

function writeContext(w: OctetWriter, id: string, context: Uint8Array): void {
  if (context.length === 0) throw new RangeError("a context has octets");
  w.u32(1);
  w.u32(extendedSignature);
  w.uuid(id);
  w.u32(context.length);
  w.u32(roundedUp(context.length));
  w.bytes(context);
  w.bytes(new Uint8Array(roundedUp(context.length) - context.length));
}

function roundedUp(size: number): number {
  return Math.ceil(size / 8) * 8;
}
