/** Reads the arguments of uuid(...) and version(...). */
import type { AttributeArg } from "../ast.ts";
import { malformedUuid, malformedVersion } from "../catalogue/semantics.ts";
import type { AttributeArgValue } from "../program.ts";
import type { Context } from "./context.ts";

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in lower case without braces, or null after complaining. */
export function readUuid(context: Context, arg: AttributeArg): AttributeArgValue | null {
  const written = plainText(context, arg);
  const text = written.replace(/^\{(.*)\}$/, "$1").toLowerCase();
  if (uuidForm.test(text)) return { kind: "text", text };
  context.report(malformedUuid, arg.span, { text: written });
  return null;
}

/** A version as `major.minor`, or null after complaining. */
export function readVersion(context: Context, arg: AttributeArg): AttributeArgValue | null {
  const written = plainText(context, arg);
  const parts = /^(\d{1,5})(?:\.(\d{1,5}))?$/.exec(written);
  const major = Number(parts?.[1]);
  const minor = Number(parts?.[2] ?? 0);
  if (parts && major <= 0xffff && minor <= 0xffff) {
    return { kind: "text", text: `${major}.${minor}` };
  }
  context.report(malformedVersion, arg.span, { text: written });
  return null;
}

function plainText(context: Context, arg: AttributeArg): string {
  if (arg.$type === "Raw") return arg.text.trim().replace(/^"(.*)"$/, "$1");
  if (arg.$type === "String") return arg.value.trim();
  if (arg.$type === "Integer") return String(arg.value);
  return context.textOf(arg.span).trim();
}
