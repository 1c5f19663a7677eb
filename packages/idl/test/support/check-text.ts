/** Short ways to compile text in a test. */
import {
  compile,
  type Diagnostic,
  type InterfaceSymbol,
  memoryHost,
  type OperationSymbol,
  type Program,
  type TypeSymbol,
} from "../../src/index.ts";

export interface Checked {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  /** Their codes, in order. */
  readonly codes: readonly string[];
}

/** Compiles files given by name; the first is the root, or those named. */
export function checkFiles(files: Readonly<Record<string, string>>, roots?: string[]): Checked {
  const names = roots ?? Object.keys(files).slice(0, 1);
  const { program, diagnostics } = compile(names, memoryHost(files));
  return { program, diagnostics, codes: diagnostics.map(({ code }) => code) };
}

/** Compiles one file. */
export function checkText(text: string): Checked {
  return checkFiles({ "test.idl": text });
}

/** Compiles the inside of an interface `test`. */
export function checkBody(body: string): Checked {
  return checkText(`[uuid(12345678-1234-abcd-ef00-0123456789ab)] interface test {\n${body}\n}`);
}

export function interfaceOf({ program }: Checked, name = "test"): InterfaceSymbol {
  const found = program.interfaces.find((symbol) => symbol.name === name);
  if (!found) throw new Error(`no interface ${name}`);
  return found;
}

export function operationOf(checked: Checked, name: string, owner = "test"): OperationSymbol {
  const found = interfaceOf(checked, owner).operations.find((symbol) => symbol.name === name);
  if (!found) throw new Error(`no operation ${name}`);
  return found;
}

export function typeOf<K extends TypeSymbol["kind"]>(
  { program }: Checked,
  kind: K,
  name: string,
): Extract<TypeSymbol, { readonly kind: K }> {
  const found = program.types.find((symbol) => symbol.kind === kind && symbol.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found as Extract<TypeSymbol, { readonly kind: K }>;
}

/** The value of a constant. */
export function valueOf({ program }: Checked, name: string): bigint | number | string | null {
  const found = program.constants.find((symbol) => symbol.name === name);
  if (!found) throw new Error(`no constant ${name}`);
  return found.value;
}
