/** Attributes of automation, of type libraries and of the Windows Runtime. Nothing sent depends on them. */
import { type AttributeDefinition, type AttributePosition, attribute } from "./definition.ts";

const everything: readonly AttributePosition[] = [
  "interface", "dispinterface", "coclass", "coclass member", "library", "module",
  "typedef", "type", "enumerator", "field", "parameter", "operation", "property", "constant",
]; // prettier-ignore
const containers: readonly AttributePosition[] = [
  "interface", "dispinterface", "coclass", "library", "module", "typedef", "type",
]; // prettier-ignore
const interfaces: readonly AttributePosition[] = ["interface", "dispinterface"];
const accessor: readonly AttributePosition[] = ["operation", "property"];
const classes: readonly AttributePosition[] = ["coclass"];
const runtime: readonly AttributePosition[] = [
  "interface",
  "coclass",
  "typedef",
  "type",
  "operation",
];
const raw = { form: "raw", count: [1, 8] } as const;

const kept = (
  name: string,
  positions: readonly AttributePosition[],
  summary: string,
  options: Parameters<typeof attribute>[4] = {},
): AttributeDefinition => attribute(name, "kept", positions, summary, options);

export const automationAttributes: readonly AttributeDefinition[] = [
  // ---- documentation
  kept("helpstring", everything, "A line of help.", { form: "strings" }),
  kept("helpcontext", everything, "A place in a help file.", { form: "constants" }),
  kept("helpstringcontext", everything, "A string in a help library.", { form: "constants" }),
  kept("helpfile", ["library"], "The help file.", { form: "strings" }),
  kept("helpstringdll", ["library"], "The library of help strings.", { form: "strings" }),
  kept("annotation", everything, "A remark.", { form: "strings" }),
  kept("custom", everything, "A value of the author's own: `custom(UUID, value)`.", raw),
  kept("deprecated", everything, "No longer to be used.", { form: "raw", count: [0, 8] }),

  // ---- interfaces and classes
  kept("dual", interfaces, "Reached by IDispatch and by vtable."),
  kept("oleautomation", ["interface", "dispinterface", "typedef"], "Types fit for automation."),
  kept("odl", [...containers, "operation"], "Written in the object description language."),
  kept("nonextensible", interfaces, "IDispatch has no members beyond those declared.", {}),
  kept("proxy", interfaces, "Has a proxy."),
  kept("hidden", everything, "Not shown in object browsers."),
  kept("restricted", everything, "Not for use by macro languages."),
  kept("predeclid", ["coclass", "typedef"], "Declared beforehand."),
  kept("appobject", classes, "The application object."),
  kept("control", ["coclass", "library"], "A control."),
  kept("aggregatable", classes, "Can be aggregated."),
  kept("licensed", classes, "Needs a licence."),
  kept("noncreatable", classes, "Can't be created from outside."),
  kept(
    "source",
    ["coclass member", "operation", "parameter", "property"],
    "Calls out: events.",
    {},
  ),
  kept("defaultvtable", ["coclass member"], "The main source of events."),
  kept("lcid", ["library", "parameter"], "A locale.", { form: "constants", count: [0, 1] }),
  kept("public", ["typedef"], "Kept in the type library."),
  kept("progid", classes, "The programmatic identifier.", { form: "strings" }),
  kept("vi_progid", classes, "The identifier without version.", { form: "strings" }),
  kept("threading", classes, "The threading model.", {
    form: "words",
    words: ["apartment", "both", "free", "neutral", "single", "main"],
  }),
  kept("dllname", ["module"], "The DLL of the functions.", { form: "strings" }),
  kept("entry", ["operation"], "The name or ordinal in the DLL.", { form: "value" }),
  kept("usesgetlasterror", ["operation"], "Sets the last error."),
  kept("vararg", ["operation"], "Takes any number of arguments."),

  // ---- properties and parameters
  kept("id", everything, "The DISPID.", { form: "constants" }),
  kept("propget", accessor, "Reads a property.", { conflicts: ["propput", "propputref"] }),
  kept("propput", accessor, "Sets a property.", { conflicts: ["propputref"] }),
  kept("propputref", accessor, "Sets a property by reference."),
  kept("retval", ["parameter"], "The value that macro languages see."),
  kept("optional", ["parameter"], "May be left out by macro languages."),
  kept("defaultvalue", ["parameter", "field"], "Used where left out.", { form: "value" }),
  kept("readonly", ["property", "field", "operation"], "Can't be set."),
  kept("bindable", [...accessor, "field"], "Sends notice of changes."),
  kept("requestedit", [...accessor, "field"], "Asks before it changes."),
  kept("displaybind", [...accessor, "field"], "Shown as bindable."),
  kept("defaultbind", [...accessor, "field"], "The main bindable property."),
  kept("immediatebind", [...accessor, "field"], "Changes are noticed at once."),
  kept("uidefault", [...accessor, "field"], "The main member in object browsers."),
  kept("nonbrowsable", [...accessor, "field"], "Not in property browsers."),
  kept("defaultcollelem", [...accessor, "field"], "The element accessor of a collection."),
  kept("replaceable", [...accessor, "field"], "May be replaced by the host."),
  kept("supportserrorinfo", interfaces, "Has rich errors."),

  // ---- the Windows Runtime
  kept("contract", [...runtime, "enumerator"], "The contract that has it.", raw),
  kept("contractversion", [...runtime], "The version of a contract.", raw),
  kept("apicontract", [...runtime], "Is a contract."),
  kept("exclusiveto", interfaces, "Of one class only.", raw),
  kept("activatable", classes, "Can be made by its factory.", raw),
  kept("static", classes, "Has static members.", raw),
  kept("composable", classes, "Can be composed.", raw),
  kept("marshaling_behavior", classes, "How it crosses apartments.", raw),
  kept("flags", ["typedef", "type"], "An enumeration of bits."),
  kept("overload", ["operation"], "The name shared by overloads.", { form: "strings" }),
  kept("default_overload", ["operation"], "The overload chosen first."),
  kept("eventadd", ["operation"], "Adds a listener."),
  kept("eventremove", ["operation"], "Removes a listener."),
  kept("protected", ["coclass member"], "For derived classes."),
  kept("overridable", ["coclass member"], "May be overridden."),
];
