/** Looks at a running resource from time to time ([MS-CMRP] 3.1.2.2, 3.1.2.3). */
import { never } from "../model/kinds.ts";
import type { Running } from "./plugin.ts";

/** The longest time that a timer of the system takes. */
const longest = 0x7fff_ffff;

/** Calls `fail` once when a look finds it dead, or can't be had. Gives back how to stop looking. */
export function watchHealth(
  running: Running,
  every: { readonly looksAlive: number; readonly isAlive: number },
  fail: () => void,
): () => void {
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
  };
  const look = async (how: "looksAlive" | "isAlive"): Promise<void> => {
    let isAlive = false;
    try {
      isAlive = (await running[how]?.()) ?? true;
    } catch {
      // A look that can't be had is as good as none.
    }
    if (isOver) return;
    if (isAlive) plan(how);
    else {
      end();
      fail();
    }
  };
  const plan = (how: "looksAlive" | "isAlive"): void => {
    if (running[how] === undefined || every[how] === never) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        void look(how);
      },
      Math.min(every[how], longest),
    );
    timer.unref();
    timers.add(timer);
  };
  plan("looksAlive");
  plan("isAlive");
  return end;
}
