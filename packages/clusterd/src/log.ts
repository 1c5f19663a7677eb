/** What the daemon says of itself: one line for each thing that happened, as JSON or for people at a terminal. */

/** From what is told of every call to what somebody has to see to. */
export const levels = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof levels)[number];
export const logFormats = ["json", "text"] as const;
export type LogFormat = (typeof logFormats)[number];

/** What a machine reads of it. Nothing that was secret to its sender belongs here. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * `event` names what happened, and is the same each time that it does; `message` is a sentence that says all of it by
 * itself.
 */
type Say = (event: string, message: string, fields?: Fields) => void;
export type Log = Readonly<Record<Level, Say>>;

export interface LogOptions {
  readonly format: LogFormat;
  /** What is less is left out. */
  readonly level: Level;
  /** Takes a line without its end. */
  readonly write: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Characters of a text in a line. Names and reasons are far below that, and what others send need not be. */
const longestText = 2000;

export function createLog({ format, level: least, write, now }: LogOptions): Log {
  const line = format === "json" ? jsonLine : textLine;
  const sayAt = (level: Level): Say =>
    levels.indexOf(level) < levels.indexOf(least)
      ? () => {}
      : (event, message, fields = {}) =>
          write(
            line(new Date(now()).toISOString(), level, event, short(message), shortened(fields)),
          );
  return {
    debug: sayAt("debug"),
    info: sayAt("info"),
    warn: sayAt("warn"),
    error: sayAt("error"),
  };
}

function short(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

function shortened(fields: Fields): Fields {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "string" ? short(value) : value]),
  );
}

function jsonLine(
  time: string,
  level: Level,
  event: string,
  message: string,
  fields: Fields,
): string {
  const text = JSON.stringify({ time, level, event, message, ...fields });
  // JSON itself leaves these as they are.
  return text.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Control characters could make one line look like two, or do things to a terminal. */
function textLine(time: string, level: Level, _event: string, message: string): string {
  const clock = time.slice(11, 19);
  // eslint-disable-next-line no-control-regex
  return `${clock} ${level.padEnd(5)} ${message.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ")}`;
}

/** A message with those of its causes, each once. */
export function because(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  const why = because(error.cause);
  return error.message.includes(why) ? error.message : `${error.message}: ${why}`;
}
