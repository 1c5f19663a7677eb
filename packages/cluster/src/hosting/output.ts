/** What programs of resources print, as lines that a log can take: bounded in length and in how many there are. */
export type OutputStream = "stdout" | "stderr";

/** Characters of a line that are kept. */
const longestLine = 1000;
/** How many lines of a resource are told in a period, and how long that is, in milliseconds. */
const mostLines = 100;
const period = 10_000;

/** Calls `tell` for each line that comes, also for a last one without an end. What a line has too much is left out. */
export function readLines(stream: NodeJS.ReadableStream, tell: (line: string) => void): void {
  let line = "";
  const take = (text: string): void => {
    // One character more than is kept says that something was left out.
    line += text.slice(0, longestLine + 1 - line.length);
  };
  const end = (): void => {
    tell(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line.replace(/\r$/, ""));
    line = "";
  };
  stream.setEncoding("utf8").on("data", (text: string) => {
    const [first = "", ...others] = text.split("\n");
    take(first);
    for (const other of others) {
      end();
      take(other);
    }
  });
  stream.once("close", () => {
    if (line !== "") end();
  });
}

export interface BoundedOutput {
  line(text: string, from: OutputStream): void;
  /** Says how many lines were left out, if any were. */
  end(): void;
}

/**
 * Hands on the first lines of each period, and then how many more there were.
 *
 * @param now milliseconds of any clock that doesn't go back
 */
export function boundedOutput(
  tell: (text: string, from: OutputStream) => void,
  now: () => number,
): BoundedOutput {
  let since = Number.NEGATIVE_INFINITY;
  let told = 0;
  let left = 0;
  const end = (): void => {
    if (left > 0) tell(`${left} more lines were left out`, "stdout");
    left = 0;
  };
  return {
    line(text, from) {
      if (now() - since >= period) {
        end();
        since = now();
        told = 0;
      }
      if (told++ < mostLines) tell(text, from);
      else left++;
    },
    end,
  };
}
