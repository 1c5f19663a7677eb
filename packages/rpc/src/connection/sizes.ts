/** How long fragments may be, agreed on with the peer. */
import { mustReceive } from "../pdu/index.ts";

/** What a size of 0 stands for: the least that Windows' servers agree to. */
const unstated = 2048;

/** The largest that both take: a multiple of 8, and nothing below what everybody has to take. */
export function agreedFragment(own: number, offered: number): number {
  const wanted = offered === 0 ? unstated : Math.max(offered, mustReceive);
  return Math.min(own, wanted) & ~7;
}
