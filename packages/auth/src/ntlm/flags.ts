/** NegotiateFlags and who may do without which ([MS-NLMP] 2.2.2.5). */

/** The bits, without NTLMSSP_ and NEGOTIATE_ in their names. */
export const flags = {
  unicode: 0x1,
  oem: 0x2,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  datagram: 0x40,
  lmKey: 0x80,
  ntlm: 0x200,
  anonymous: 0x800,
  domainSupplied: 0x1000,
  workstationSupplied: 0x2000,
  alwaysSign: 0x8000,
  targetTypeDomain: 0x10000,
  targetTypeServer: 0x20000,
  extendedSecurity: 0x80000,
  identify: 0x100000,
  nonNtSessionKey: 0x400000,
  targetInfo: 0x800000,
  version: 0x2000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** Whether all the bits are set. */
export function has(value: number, bits: number): boolean {
  return (value & bits) >>> 0 === bits >>> 0;
}

/** All the bits together. */
export function join(...bits: readonly number[]): number {
  let value = 0;
  for (const bit of bits) value |= bit;
  return value >>> 0;
}

/** A value without some bits. */
export function without(value: number, bits: number): number {
  return (value & ~bits) >>> 0;
}

/** Bits that both have. */
export function common(a: number, b: number): number {
  return (a & b) >>> 0;
}
