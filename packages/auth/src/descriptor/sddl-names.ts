/** Letters of SDDL for flags, types and rights ([MS-DTYP] 2.5.1.1). */
import { type AceType, aceFlags, aceTypes, rights } from "./descriptor.ts";

export type Names = readonly (readonly [name: string, value: number])[];

/** Conditional ACEs and resource attributes have a syntax of their own, which is not supported. */
export const typeNames: readonly (readonly [name: string, type: AceType])[] = [
  ["A", aceTypes.allow],
  ["D", aceTypes.deny],
  ["AU", aceTypes.audit],
  ["OA", aceTypes.allowObject],
  ["OD", aceTypes.denyObject],
  ["OU", aceTypes.auditObject],
  ["ML", aceTypes.mandatoryLabel],
  ["SP", aceTypes.scopedPolicy],
];

export const flagNames: Names = [
  ["OI", aceFlags.objectInherit],
  ["CI", aceFlags.containerInherit],
  ["NP", aceFlags.noPropagate],
  ["IO", aceFlags.inheritOnly],
  ["ID", aceFlags.inherited],
  ["SA", aceFlags.successfulAccess],
  ["FA", aceFlags.failedAccess],
];

/** One bit each. */
export const rightNames: Names = [
  ["CC", 0x1],
  ["DC", 0x2],
  ["LC", 0x4],
  ["SW", 0x8],
  ["RP", 0x10],
  ["WP", 0x20],
  ["DT", 0x40],
  ["LO", 0x80],
  ["CR", 0x100],
  ["SD", rights.delete],
  ["RC", rights.readControl],
  ["WD", rights.writeDac],
  ["WO", rights.writeOwner],
  ["GA", rights.genericAll],
  ["GX", rights.genericExecute],
  ["GW", rights.genericWrite],
  ["GR", rights.genericRead],
];

/** Several bits each. */
export const compoundRightNames: Names = [
  ["FA", 0x1f01ff],
  ["FX", 0x1200a0],
  ["FW", 0x120116],
  ["FR", 0x120089],
  ["KA", 0xf003f],
  ["KR", 0x20019],
  ["KX", 0x20019],
  ["KW", 0x20006],
];

/** What a mandatory label forbids to those below it ([MS-DTYP] 2.4.4.13). */
export const labelRightNames: Names = [
  ["NW", 0x1],
  ["NR", 0x2],
  ["NX", 0x4],
];
