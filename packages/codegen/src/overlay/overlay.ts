/**
 * What an overlay says: the policy and the names that an IDL file has no place for.
 *
 * An overlay stands beside its IDL file (`clusapi3.idl`, `clusapi3.overlay.json`). docs/overlays.md
 * explains every key; shape.ts is the table that the loader and the JSON Schema follow.
 */
import type { StatusLibrary } from "./statuses/libraries.ts";

export interface Overlay {
  /** The document the IDL was written from, as people cite it: `MS-CMRP`. */
  readonly document?: string;
  /** Overlays that this one builds on, as paths from this file. Later and own entries win. */
  readonly extends?: readonly string[];
  /** A JSON file of status names and numbers, as a path from this file. */
  readonly statusTable?: string;
  /** Where the numbers of other names come from that operations use: tables of [MS-ERREF]. */
  readonly statusLibraries?: readonly StatusLibrary[];
  readonly naming?: NamingOverlay;
  /** By any name the type has in the IDL: tag or typedef. */
  readonly types?: Readonly<Record<string, TypeOverlay>>;
  /** Enumerations that the document defines and the IDL spells as plain integers, by their TypeScript name. */
  readonly enums?: Readonly<Record<string, ValuesOverlay>>;
  /** By the interface's name in the IDL. */
  readonly interfaces?: Readonly<Record<string, InterfaceOverlay>>;
}

/** How IDL names become TypeScript names, before renames of single items. */
export interface NamingOverlay {
  /** Taken off operation names: `Api` makes `ApiOpenGroup` into `openGroup`. */
  readonly operationPrefixes?: readonly string[];
  /** Taken off type names: `IDL_`. */
  readonly typePrefixes?: readonly string[];
  /** Taken off type names: `_RPC`. */
  readonly typeSuffixes?: readonly string[];
  /** False keeps Hungarian prefixes (`lpszName` stays `lpszName`). Default true: `name`. */
  readonly stripHungarian?: boolean;
  /** Renames of parameters and fields wherever they stand: `lpszCSDVersion` to `csdVersion`. */
  readonly members?: Readonly<Record<string, string>>;
}

export interface TypeOverlay {
  readonly name?: string;
  /** The section of the document: `2.2.3.4`; of another one: `[MS-LSAT] 3.1.4.5`. */
  readonly section?: string;
  /** One sentence. */
  readonly summary?: string;
  /** Of a context handle: the operation that closes it. */
  readonly close?: string;
  /** What a program sees of it. */
  readonly as?: As;
  /** Fields of a structure, arms of a union. */
  readonly fields?: Readonly<Record<string, MemberOverlay>>;
}

/**
 * What a program sees of a value:
 *
 * - `uuid`, of a structure of 16 bytes: text
 * - `sid`, of an RPC_SID: text
 * - `countedString`, of an RPC_UNICODE_STRING: its text; `terminatedString`: with a terminator that is counted
 * - `wire`: what is sent, in spite of what else is said of the type
 * - a `Presentation` that somebody wrote
 */
export type As = "uuid" | BuiltInPresentation | "wire" | PresentationOverlay;

export type BuiltInPresentation = "sid" | "countedString" | "terminatedString";

export interface PresentationOverlay {
  /** Where it is imported from: a path from the root of the generated modules, or a package. */
  readonly module: string;
  /** The exported `Presentation`. */
  readonly name: string;
}

export interface ValuesOverlay {
  readonly section?: string;
  readonly summary?: string;
  readonly values: Readonly<Record<string, number | string>>;
}

export interface InterfaceOverlay {
  /** Of the descriptor and, in kebab-case, of the folder: `Clusapi3`. */
  readonly name?: string;
  readonly section?: string;
  readonly summary?: string;
  /** Strictness of decoding, [MS-RPCE] 3.1.1.5.3: 5 or 6. */
  readonly strictness?: 5 | 6;
  /** Which [out] parameters or `return` are statuses; the first is the one a handler's error goes to. */
  readonly status?: readonly string[];
  readonly operations?: Readonly<Record<string, OperationOverlay>>;
}

export interface OperationOverlay {
  readonly name?: string;
  readonly section?: string;
  readonly summary?: string;
  /** As of the interface, for this operation alone. Empty: nothing here is a status. */
  readonly status?: readonly string[];
  /** Status names that are no error beside 0: `ERROR_IO_PENDING`. */
  readonly accepts?: readonly string[];
  /** Status names that the document lists for the operation. */
  readonly errors?: readonly string[];
  /** It answers when something happens: no default deadline. */
  readonly longWait?: boolean;
  /** Taken for one that opens a handle where the handle's type doesn't say it already; false: it doesn't. */
  readonly opens?: false | { readonly handle: string; readonly close: string };
  /** The parameter that is a handle and ends with the call, where the handle's type doesn't name the operation. */
  readonly closes?: string;
  /** Its opnum is taken and nothing is sent: the server answers a fault. */
  readonly absent?: boolean;
  /** By parameter name; `return` is the return value. */
  readonly params?: Readonly<Record<string, MemberOverlay>>;
}

/** A parameter, a field or an arm. */
export interface MemberOverlay {
  readonly name?: string;
  readonly summary?: string;
  /** An enumeration of `enums`, or of the IDL, whose values it takes. */
  readonly enum?: string;
  /** What a program sees of its value: that behind its pointers, that of each element. */
  readonly as?: As;
  /** Stays a member though it follows from an array. */
  readonly explicit?: boolean;
  /** What the IDL gets wrong about it on the wire. */
  readonly correct?: Correction;
}

/** A mended defect of the IDL. It changes bytes, so it says why. */
export interface Correction {
  readonly reason: string;
  /** [string] is missing. */
  readonly string?: true;
  readonly pointer?: "ref" | "unique" | "full";
  readonly direction?: "in" | "out" | "in, out";
  /** A primitive of the wire plan, in place of the type as written: `u32`. */
  readonly type?: string;
  /** size_is is missing: a parameter or field, or a number. */
  readonly sizeIs?: string;
  /** length_is is missing. */
  readonly lengthIs?: string;
  /** It isn't on the wire. */
  readonly drop?: true;
}
