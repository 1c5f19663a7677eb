/** Looks at a running resource from time to time ([MS-CMRP] 3.1.2.2, 3.1.2.3). */
import { never } from "../model/kinds.ts";
import type { Running } from "./plugin.ts";

/** The longest time that a timer of the system takes. */
const longest = 0x7fff_ffff;

/** How a resource is looked at, in milliseconds. */
export interface Looks {
  readonly looksAlive: number;
  readonly isAlive: number;
  /** How long a look may take. */
  readonly deadlock: number;
  /** Its storage is in maintenance: nobody looks. */
  readonly isMaintained: boolean;
}

/**
 * Calls `fail` once, with why, when a look finds it dead, can't be had, or takes too long. Gives back how to stop looking.
 *
 * @param looks asked before each look, so that what is changed counts from the next one on
 */
export function watchHealth(
  running: Running,
  looks: () => Looks,
  fail: (why: unknown) => void,
): () => void {
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
  };
  const after = (milliseconds: number, run: () => void): NodeJS.Timeout => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        run();
      },
      Math.min(milliseconds, longest),
    );
    timer.unref();
    timers.add(timer);
    return timer;
  };
  const dead = (why: unknown): void => {
    if (isOver) return;
    end();
    fail(why);
  };
  const look = async (how: "looksAlive" | "isAlive"): Promise<void> => {
    const { deadlock, isMaintained } = looks();
    if (isMaintained) return plan(how);
    const deadline =
      deadlock === never
        ? undefined
        : after(deadlock, () => dead(`${how} took longer than ${deadlock} ms`));
    let isAlive = false;
    let why: unknown = `${how} found it dead`;
    try {
      isAlive = (await running[how]?.()) ?? true;
    } catch (error) {
      // A look that can't be had is as good as none.
      why = error;
    }
    clearTimeout(deadline);
    if (deadline !== undefined) timers.delete(deadline);
    if (isOver) return;
    if (isAlive) plan(how);
    else dead(why);
  };
  const plan = (how: "looksAlive" | "isAlive"): void => {
    const every = looks()[how];
    if (running[how] !== undefined && every !== never) after(every, () => void look(how));
  };
  plan("looksAlive");
  plan("isAlive");
  return end;
}
