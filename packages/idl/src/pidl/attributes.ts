/** Attributes of Samba's dialect: those that mean the same, those without meaning on the wire, and the rest. */
import type { Attribute } from "../ast.ts";

/** Of the same name and meaning in both dialects. */
const SAME: ReadonlySet<string> = new Set([
  "in", "out", "ref", "unique", "ptr", "size_is", "length_is", "switch_is", "switch_type", "case",
  "default", "string", "range", "v1_enum", "uuid", "version", "endpoint", "pointer_default", "object",
  "local", "ms_union", "iid_is", "helpstring", "idempotent", "broadcast", "maybe", "async", "call_as",
  "context_handle", "max_is", "ignore",
]); // prettier-ignore

/** Nothing that is sent depends on them. */
const SILENT: ReadonlySet<string> = new Set([
  "noprint", "nopython", "gensize", "nosize", "print", "helper", "pyhelper", "headerhelper",
  "authservice", "python", "no_srv_register", "todo", "value", "keepref", "depends", "property",
  "deprecated", "max_recursion", "noejs", "hidden", "restricted", "id", "in_line", "unique_id",
  "no_python_helpers", "public",
]); // prettier-ignore

/** Their place says what is sent, and is looked at elsewhere. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "charset", "flag", "skip", "skip_noinit", "noopnum", "enum8bit", "enum16bit", "bitmap8bit",
  "bitmap16bit", "bitmap32bit", "bitmap64bit", "nopush", "nopull",
]); // prettier-ignore

/** Flags that change how values are printed or wiped, and no octet. */
const HARMLESS_FLAGS =
  /^(?:LIBNDR_|NDR_)?(?:PRINT_ARRAY_HEX|PAHEX|FLAG_IS_SECRET|SECRET|FLAG_SECRET)$/;

/** Attributes whose arguments are no expressions of IDL. */
export const PIDL_RAW: ReadonlySet<string> = new Set([
  "value", "subcontext", "subcontext_size", "compression", "flag", "charset", "print", "helper",
  "pyhelper", "headerhelper", "authservice", "python", "max_recursion", "represent_as", "skip",
  "relative_base", "depends",
]); // prettier-ignore

export interface MappedAttributes {
  readonly kept: readonly Attribute[];
  /** What has no counterpart, each as it is written. */
  readonly unmapped: readonly Attribute[];
}

export function mapAttributes(written: readonly Attribute[]): MappedAttributes {
  const kept: Attribute[] = [];
  const unmapped: Attribute[] = [];
  const seen = new Set<string>();
  for (const attribute of written) {
    const { name } = attribute.name;
    if (SAME.has(name)) {
      const mapped = mapArguments(attribute);
      if (mapped !== null && !seen.has(name)) kept.push(mapped);
      seen.add(name);
    } else if (name === "flag" ? !isHarmless(attribute) : isForeign(name)) {
      unmapped.push(attribute);
    }
  }
  return { kept, unmapped };
}

/** Endpoints that leave the address open say nothing; some files of types have no real UUID. */
function mapArguments(attribute: Attribute): Attribute | null {
  const { name, args = [] } = attribute;
  if (name.name === "uuid") return textIn([attribute], "uuid").length < 36 ? null : attribute;
  if (name.name !== "endpoint") return attribute;
  const whole = args.filter((arg) => arg.$type === "String" && /\[.*\]/.test(arg.value));
  return whole.length === 0 ? null : { ...attribute, args: whole };
}

export function has(written: readonly Attribute[], name: string): boolean {
  return written.some((attribute) => attribute.name.name === name);
}

/** The raw text in an attribute's parentheses; empty without it. */
export function textIn(written: readonly Attribute[], name: string): string {
  const [argument] = written.find((attribute) => attribute.name.name === name)?.args ?? [];
  return argument?.$type === "Raw" ? argument.text : "";
}

function isForeign(name: string): boolean {
  if (name === "nopush" || name === "nopull") return true;
  return !SILENT.has(name) && !ELSEWHERE.has(name);
}

function isHarmless(attribute: Attribute): boolean {
  return textIn([attribute], "flag")
    .split("|")
    .every((flag) => HARMLESS_FLAGS.test(flag.trim()));
}
