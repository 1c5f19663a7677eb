/** References to objects of COM as stubs carry them. */

/** Says which interface a pointer is to; nothing has it at run time. */
declare const interfaceName: unique symbol;

/**
 * A marshalled pointer to an interface: the octets of an OBJREF ([MS-DCOM] 2.2.18). `Name` is the interface as the IDL
 * has it; a pointer whose interface only the call knows ([iid_is]) is one to any.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- goes where one to any named interface goes, and takes all
export interface InterfacePointer<Name extends string = any> extends Uint8Array {
  readonly [interfaceName]?: Name;
}
