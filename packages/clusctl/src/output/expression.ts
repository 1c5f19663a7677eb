/** Dependency expressions, looked at before they are sent: servers only say that they don't take them. */
import { UsageError } from "../usage-error.ts";

/** Of resources, which know alternatives; or of groups and group sets, all of which are needed. */
type Form = "resources" | "groups";

const examples: Readonly<Record<Form, string>> = {
  resources: "[A] and ([B] or [C])",
  groups: "[A] and [B]",
};

const token = /\s*(?:([()])|(and|or)(?=[\s([]|$)|(\[[^[\]]+\]))/iy;

/** @throws UsageError for what is no expression, with what is wrong and where. The empty one is one */
export function checkExpression(text: string, form: Form): void {
  let opened: number | null = null;
  let isDue = true;
  let word = "";
  const wrong = (at: number, why: string): UsageError =>
    new UsageError(
      `no expression: ${why}\n  ${text}\n  ${" ".repeat(at)}^\nas in '${examples[form]}'`,
    );
  const rest = text.trimEnd();
  if (rest === "") return;
  token.lastIndex = 0;
  while (token.lastIndex < rest.length) {
    const from = token.lastIndex + (/^\s*/.exec(rest.slice(token.lastIndex))?.[0].length ?? 0);
    const [, mark, found, name] = token.exec(rest) ?? [];
    const said = found?.toLowerCase();
    if (mark === undefined && said === undefined && name === undefined) {
      throw wrong(from, "a name in brackets, and, or a parenthesis is missing here");
    }
    if (isDue && mark !== "(" && name === undefined) throw wrong(from, "a [name] is missing here");
    if (!isDue && (mark === "(" || name !== undefined)) throw wrong(from, "and is missing here");
    if (mark === "(") {
      if (opened !== null) throw wrong(from, "parentheses can't stand in others");
      opened = from;
      word = "";
    } else if (mark === ")") {
      if (opened === null) throw wrong(from, "nothing was opened that this closes");
      opened = null;
      word = "and";
    } else if (said !== undefined) {
      if (said === "or" && form === "groups") throw wrong(from, "all are needed: there is no or");
      if (word !== "" && word !== said) throw wrong(from, "and and or are mixed: use parentheses");
      if (opened !== null && said === "and") throw wrong(from, "parentheses hold alternatives: or");
      word = said;
      isDue = true;
      continue;
    }
    isDue = mark === "(";
  }
  if (isDue) throw wrong(rest.length, "a [name] is missing here");
  if (opened !== null) throw wrong(opened, "this is not closed");
}
