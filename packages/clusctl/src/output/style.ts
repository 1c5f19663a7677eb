/** Colours of a terminal, and what a state looks like. */

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  /** In the colour of a state. */
  state(text: string, state: string): string;
}

type Look = "good" | "bad" | "changing" | "idle";

const looks: Readonly<Record<string, Look>> = {
  Online: "good",
  Up: "good",
  Failed: "bad",
  Down: "bad",
  Unreachable: "bad",
  Partitioned: "bad",
  Unknown: "bad",
  PartialOnline: "changing",
  Pending: "changing",
  OnlinePending: "changing",
  OfflinePending: "changing",
  Initializing: "changing",
  Joining: "changing",
  Paused: "changing",
};

const marks: Readonly<Record<Look, string>> = { good: "●", bad: "✗", changing: "◐", idle: "○" };
const colours: Readonly<Record<Look, number>> = { good: 32, bad: 31, changing: 33, idle: 2 };

/** Offline and Unavailable are no news: nobody wants them otherwise. */
export function lookOf(state: string): Look {
  return looks[state] ?? "idle";
}

/** One character that says how things are, colours or not. */
export function markOf(state: string): string {
  return marks[lookOf(state)];
}

export function styleFor(isTerminal: boolean): Style {
  const code = (number: number, text: string): string =>
    isTerminal ? `\u001b[${number}m${text}\u001b[0m` : text;
  return {
    bold: (text) => code(1, text),
    dim: (text) => code(2, text),
    state: (text, state) => code(colours[lookOf(state)], text),
  };
}

/** `OnlinePending` as people write it. */
export function words(state: string): string {
  return state
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .replace(/ [A-Z]/g, (part) => part.toLowerCase());
}
