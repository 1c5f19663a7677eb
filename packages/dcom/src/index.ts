/** References to objects of DCOM as octets, and what their calls begin with. */
export {
  type Bindings,
  dualStringArrayOf,
  readDualStringArray,
  type SecurityBinding,
  type StringBinding,
} from "./bindings.ts";
export { DcomError } from "./dcom-error.ts";
export { type Objref, objrefKinds, readObjref, writeObjref } from "./objref.ts";
export { comVersion, iidOf, newCall } from "./orpc.ts";
