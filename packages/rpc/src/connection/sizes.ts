/** How long fragments may be, agreed on with the peer. */
import { mustReceive } from "../pdu/index.ts";

/** The largest that both take: a multiple of 8, and nothing below what everybody has to take. */
export function agreedFragment(own: number, offered: number): number {
  return Math.min(own, Math.max(offered, mustReceive)) & ~7;
}
