/** Every named type of a package: its TypeScript name, the file it lives in, its members. */
import { expressionsIn, fieldPaths } from "@msrpc/wire";
import { diagnose, fileNameOf, type Diagnostic } from "@msrpc/idl";
import type { InterfacePlan, OperationPlan, TypePlan, WirePlan, WireType } from "@msrpc/wire";
import { unsupported } from "../catalogue/rules.ts";
import { asType, exportsOfType, freeFile, freeName, isReservedValue } from "../names/bindings.ts";
import { own, typeName } from "../names/names.ts";
import { toKebab, toPascal, splitWords } from "../names/words.ts";
import type { LoadedOverlay } from "../overlay/load-overlay.ts";
import type {
  InterfaceOverlay,
  MemberOverlay,
  NamingOverlay,
  TypeOverlay,
} from "../overlay/overlay.ts";
import { typeOverlay } from "../overlay/type-overlay.ts";
import type { Symbol } from "../print/module.ts";
import type { EmitInput, Unit } from "./input.ts";
import { nameOperations, type OperationNames } from "./interface-names.ts";
import { presentUnits } from "./presentation.ts";
import { roughLines } from "./rough-lines.ts";
import { typeGroups, usedBy } from "./type-order.ts";
import { analyseRecord, type RecordModel } from "./record.ts";

export interface TypeEntry {
  readonly plan: TypePlan;
  /** The unit whose plan it was taken from. */
  readonly unit: Unit;
  readonly ts: string;
  readonly home: Symbol["from"];
  readonly overlay: TypeOverlay;
  readonly document: string | undefined;
  /** A structure that is text in TypeScript. */
  readonly isUuid: boolean;
  /** Of a structure. */
  readonly record: RecordModel | null;
}

/** What the overlay says about an interface, with the names that follow. */
export interface InterfaceEntry {
  readonly plan: InterfacePlan;
  readonly unit: Unit;
  readonly overlay: InterfaceOverlay;
  /** `clusapi3`: the descriptor's name. */
  readonly ts: string;
  /** `clusapi3`: the folder. */
  readonly folder: string;
  /** Of the operations that are sent, by opnum. */
  readonly names: ReadonlyMap<number, OperationNames>;
}

export class Registry {
  /** With presentations put to the types in use. */
  readonly input: EmitInput;
  readonly interfaces: readonly InterfaceEntry[];
  /** Names of fields and parameters that an expression reaches from outside of their structure. */
  readonly pinned: ReadonlySet<string>;
  /** Constructs that emitting came across and has no code for. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #entries = new Map<Unit, Map<string, TypeEntry>>();
  readonly #twins = new Map<Unit, ReadonlyMap<string, string>>();
  readonly #shared: ReadonlySet<string>;
  readonly #folders: ReadonlyMap<Unit, string>;
  /** Files of own types, by folder and name. */
  readonly #files: ReadonlyMap<string, string>;

  constructor(input: EmitInput) {
    this.input = { ...input, units: presentUnits(input) };
    this.pinned = new Set(this.input.units.flatMap((unit) => pinnedBy(unit.plan)));
    this.interfaces = this.#nameInterfaces();
    this.#folders = this.#nameFolders();
    this.#shared = sharedTypes(this.input.units);
    this.#files = this.#assignFiles();
  }

  /** What the modules of a unit's types, enumerations and constants export. */
  exportsOf(unit: Unit): ReadonlySet<string> {
    return new Set([...this.#exportsOfTypes(unit), ...this.constantsOf(unit).values()]);
  }

  /** TypeScript names of the `const` declarations of a unit, which give way to its types. */
  constantsOf(unit: Unit): ReadonlyMap<string, string> {
    const taken = new Set(this.#exportsOfTypes(unit));
    const isTaken = (name: string): boolean => isReservedValue(name) || taken.has(name);
    return new Map(
      unit.plan.constants.map(({ name }) => {
        const free = freeName(name, isTaken);
        taken.add(free);
        return [name, free];
      }),
    );
  }

  #exportsOfTypes(unit: Unit): string[] {
    const types = Object.values(unit.plan.types).map((plan) => this.#typeName(unit, plan));
    const enums = Object.keys(unit.overlay.overlay.enums ?? {});
    return [...types.flatMap(exportsOfType), ...enums, "Status"];
  }

  /** Descriptors give way to types, operations to both. */
  #nameInterfaces(): InterfaceEntry[] {
    const descriptors = new Set<string>();
    const folders = new Set<string>();
    const named = this.input.units.flatMap((unit) => {
      const exported = this.exportsOf(unit);
      return unit.plan.interfaces.map((plan) => {
        const overlay = own(unit.overlay.overlay.interfaces, plan.name) ?? {};
        const wanted = overlay.name ?? toPascal(splitWords(plan.name));
        const isTaken = (name: string): boolean =>
          isReservedValue(name) ||
          exported.has(name) ||
          (overlay.name === undefined && descriptors.has(name));
        const ts = freeName(wanted.charAt(0).toLowerCase() + wanted.slice(1), isTaken);
        const folder = freeFile(toKebab(wanted), folders);
        descriptors.add(ts);
        folders.add(folder);
        return { plan, unit, overlay, exported, ts, folder };
      });
    });
    return named.map(({ plan, unit, overlay, exported, ts, folder }) => {
      const naming = unit.overlay.overlay.naming ?? {};
      const names = nameOperations(plan, overlay, naming, exported.union(descriptors));
      return { plan, unit, overlay, ts, folder, names };
    });
  }

  /** The same in every package that has the type, so that it depends on nothing around it. */
  #typeName(unit: Unit, plan: TypePlan): string {
    const { overlay: loaded } = this.#overlayOf(unit, plan);
    const { naming = {} } = loaded.overlay;
    const stated = typeOverlay(plan, loaded).name;
    return asType(stated ?? typeName(plan.name, plan.aliases, naming));
  }

  /** The overlay of the file that declares a type, and the package where that is another. */
  #overlayOf(unit: Unit, plan: TypePlan): { overlay: LoadedOverlay; package: string | null } {
    const { file } = plan.place;
    const foreign = this.input.imports.find((candidate) => candidate.file === file);
    if (foreign !== undefined) return foreign;
    const owner = this.input.units.find((candidate) => candidate.file === file) ?? unit;
    return { overlay: owner.overlay, package: null };
  }

  entry(unit: Unit, named: string): TypeEntry {
    const name = this.#twinsOf(unit).get(named) ?? named;
    let entries = this.#entries.get(unit);
    if (entries === undefined) this.#entries.set(unit, (entries = new Map()));
    let entry = entries.get(name);
    if (entry === undefined) entries.set(name, (entry = this.#make(unit, name)));
    return entry;
  }

  /** The first of the types that are called the same and are the same: a GUID of the file's, and that of the headers of calls. */
  #twinsOf(unit: Unit): ReadonlyMap<string, string> {
    let twins = this.#twins.get(unit);
    if (twins !== undefined) return twins;
    const firsts = new Map<string, string>();
    twins = new Map(
      Object.entries(unit.plan.types).map(([name, plan]) => {
        const { name: _, aliases: __, ...form } = plan;
        // Octets are octets in TypeScript, whether the IDL calls them char or byte.
        const shape = withoutPlaces(form).replaceAll(char, byte);
        const key = `${this.#typeName(unit, plan)} ${shape}`;
        const first = firsts.get(key) ?? name;
        firsts.set(key, first);
        return [name, first];
      }),
    );
    this.#twins.set(unit, twins);
    return twins;
  }

  /** The types whose code belongs to this package, each once, dependencies first. */
  ownTypes(): TypeEntry[] {
    const found = new Map<string, TypeEntry>();
    for (const unit of this.input.units) {
      for (const name of Object.keys(unit.plan.types)) {
        const entry = this.entry(unit, name);
        if (!("file" in entry.home)) continue;
        const key = `${entry.home.file}#${entry.plan.name}`;
        if (!found.has(key)) found.set(key, entry);
      }
    }
    return [...found.values()];
  }

  /** An enumeration of the overlay or of the IDL, by its TypeScript or IDL name. */
  enumSymbol(unit: Unit, name: string): Symbol | null {
    if (own(unit.overlay.overlay.enums, name) !== undefined) {
      return { name, from: { file: `${this.enumFolder(unit, name)}enums.ts` } };
    }
    const entry = Object.keys(unit.plan.types)
      .map((typeKey) => this.entry(unit, typeKey))
      .find(
        ({ plan, ts }) => plan.kind === "enum" && [ts, plan.name, ...plan.aliases].includes(name),
      );
    return entry === undefined ? null : this.symbol(entry, entry.ts);
  }

  /** Where an enumeration of the overlay goes: with all units that say the same of it. */
  enumFolder(unit: Unit, name: string): string {
    const forms = this.input.units.map((one) =>
      JSON.stringify(own(one.overlay.overlay.enums, name)),
    );
    const said = forms.filter((form) => form !== undefined);
    return said.length > 1 && new Set(said).size === 1 ? "" : this.folderOf(unit);
  }

  /** Says that something at a place in the IDL has no code. */
  refuse(unit: Unit, what: string, where: string): void {
    const known = this.diagnostics.some(
      ({ message }) => message.includes(what) && message.endsWith(where),
    );
    if (!known)
      this.diagnostics.push(diagnose(unsupported, unit.overlay.locate([]), { what, where }));
  }

  symbol(entry: TypeEntry, name: string): Symbol {
    return { name, from: entry.home };
  }

  /** Where types of the unit are, if no other unit shares them. */
  folderOf(unit: Unit): string {
    return this.#folders.get(unit) ?? "";
  }

  /** The folder of a unit's one interface; for several, one after the file, which no other unit has. */
  #nameFolders(): Map<Unit, string> {
    const folders = new Map<Unit, string>();
    const all = new Set<string>();
    for (const unit of this.input.units) {
      const own = this.interfaces.filter((entry) => entry.unit === unit);
      const [first, second] = own;
      if (first === undefined) continue;
      const others = this.interfaces.filter((entry) => entry.unit !== unit);
      const taken = new Set([...all, ...others.map(({ folder }) => folder)]);
      const file = toKebab(fileNameOf(unit.file).replace(/\.idl$/i, ""));
      const folder = second === undefined ? first.folder : freeFile(file, taken);
      all.add(folder);
      folders.set(unit, `${folder}/`);
    }
    return folders;
  }

  #make(unit: Unit, name: string): TypeEntry {
    const plan = unit.plan.types[name];
    if (plan === undefined) throw new Error(`the plan uses the type ${name} and doesn't have it`);
    const { overlay: loaded, package: home } = this.#overlayOf(unit, plan);
    const overlay = typeOverlay(plan, loaded);
    const naming = loaded.overlay.naming ?? {};
    const file = this.#files.get(`${this.#typeFolder(unit, plan)}#${name}`) ?? "types.ts";
    return {
      plan,
      unit,
      ts: this.#typeName(unit, plan),
      home: home === null ? { file } : { package: home },
      overlay,
      document: loaded.overlay.document,
      isUuid: overlay.as === "uuid",
      record:
        plan.kind === "struct"
          ? this.record(unit, plan.fields.map(asRaw), overlay.fields, naming, true)
          : null,
    };
  }

  /** The folder of an own type: that of its file's interface, or of the package where files share it. */
  #typeFolder(unit: Unit, plan: TypePlan): string {
    const owner = this.input.units.find((candidate) => candidate.file === plan.place.file) ?? unit;
    return this.#shared.has(plan.name) || owner.plan.interfaces.length === 0
      ? ""
      : this.folderOf(owner);
  }

  /** `types.ts`, `types2.ts` and so on, each of a readable length; none imports a later one. */
  #assignFiles(): Map<string, string> {
    const files = new Map<string, string>();
    const lengths = new Map<string, { lines: number; count: number }>();
    for (const unit of this.input.units) {
      for (const group of typeGroups(unit.plan.types)) {
        const own = group.map((plan) => ({ plan, folder: this.#typeFolder(unit, plan) }));
        const left = own.filter(({ plan, folder }) => !files.has(`${folder}#${plan.name}`));
        const bases = Map.groupBy(
          left,
          ({ plan, folder }) => `${folder}${plan.kind === "enum" ? "enums" : "types"}`,
        );
        for (const [base, members] of bases) {
          const lines = members.reduce((sum, { plan }) => sum + roughLines(plan), 0);
          const at = lengths.get(base) ?? { lines: 0, count: 1 };
          const next =
            at.lines + lines > mostLines && at.lines > 0
              ? { lines, count: at.count + 1 }
              : { lines: at.lines + lines, count: at.count };
          lengths.set(base, next);
          const file = `${base}${next.count === 1 ? "" : next.count}.ts`;
          for (const { plan, folder } of members) files.set(`${folder}#${plan.name}`, file);
        }
      }
    }
    return files;
  }

  record(
    unit: Unit,
    slots: Parameters<typeof analyseRecord>[0],
    overlays: Readonly<Record<string, MemberOverlay>> | undefined,
    naming: NamingOverlay,
    hasDeferredPart: boolean,
  ): RecordModel {
    const { types } = unit.plan;
    return analyseRecord(slots, { types, naming, overlays, pinned: this.pinned, hasDeferredPart });
  }
}

function asRaw(field: { name: string; type: WireType; place: TypePlan["place"] }): {
  wire: string;
  type: WireType;
  place: TypePlan["place"];
} {
  return { wire: field.name, type: field.type, place: field.place };
}

/** A file of types is closed where it would grow longer. */
const mostLines = 600;

function operationTypes(operation: OperationPlan): WireType[] {
  return [
    ...operation.params.map((param) => param.type),
    ...(operation.result === null ? [] : [operation.result]),
  ];
}

function pinnedBy(plan: WirePlan): string[] {
  const types = [
    ...plan.interfaces.flatMap((one) =>
      [...one.operations, ...one.callbacks].flatMap(operationTypes),
    ),
    ...Object.values(plan.types).flatMap((type) =>
      type.kind === "struct" ? type.fields.map((field) => field.type) : [],
    ),
  ];
  return types
    .flatMap(expressionsIn)
    .flatMap(fieldPaths)
    .flatMap((path) => path.slice(1));
}

const [char, byte] = ["char8", "byte"].map((name) =>
  JSON.stringify({ kind: "primitive", name }),
) as [string, string];

/** What is said, wherever it is said. */
function withoutPlaces(said: unknown): string {
  return JSON.stringify(said, (key, value: unknown) =>
    key === "place" || key === "isImported" ? undefined : value,
  );
}

/** Names of types that several units have in the same form, down to what they are made of. */
function sharedTypes(units: readonly Unit[]): Set<string> {
  const forms = new Map<string, string[]>();
  for (const unit of units) {
    for (const [name, plan] of Object.entries(unit.plan.types)) {
      const form = withoutPlaces([plan, typeOverlay(plan, unit.overlay)]);
      forms.set(name, [...(forms.get(name) ?? []), form]);
    }
  }
  const shared = new Set<string>();
  for (const [name, all] of forms) if (all.length > 1 && new Set(all).size === 1) shared.add(name);
  const used = new Map(
    units.flatMap((unit) =>
      Object.values(unit.plan.types).map((plan) => [plan.name, usedBy(plan)]),
    ),
  );
  for (let changed = true; changed;) {
    changed = false;
    for (const name of shared) {
      const isWhole = (used.get(name) ?? []).every((other) => shared.has(other));
      if (!isWhole) changed = shared.delete(name);
    }
  }
  return shared;
}
