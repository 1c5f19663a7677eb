/** Attributes of DCE RPC and of Microsoft's extensions to it. Most of them say what is sent. */
import { type AttributeDefinition, type AttributePosition, attribute } from "./definition.ts";

const member: readonly AttributePosition[] = ["field", "parameter"];
const declared: readonly AttributePosition[] = ["typedef", "field", "parameter"];
const result: readonly AttributePosition[] = ["typedef", "field", "parameter", "operation"];
const pointer: readonly AttributePosition[] = [...result, "pointer", "property"];
const anyDimensions = { form: "dimensions", count: [1, 64] } as const;

export const wireAttributes: readonly AttributeDefinition[] = [
  // ---- interfaces
  attribute(
    "uuid",
    "honoured",
    ["interface", "dispinterface", "coclass", "library", "module", "typedef", "type"],
    "The identity of the interface, as bound on the wire.",
    { form: "uuid" },
  ),
  attribute(
    "version",
    "honoured",
    ["interface", "dispinterface", "coclass", "library", "module", "typedef", "type"],
    "Major and minor version; both are sent when binding. 0.0 where absent.",
    { form: "version" },
  ),
  attribute(
    "endpoint",
    "honoured",
    ["interface"],
    'Where servers listen: `endpoint("ncacn_ip_tcp:[135]")`.',
    { form: "strings", count: [1, 64] },
  ),
  attribute(
    "pointer_default",
    "honoured",
    ["interface", "dispinterface", "library"],
    "What a pointer inside a type is where it does not say so itself.",
    { form: "words", words: ["ref", "unique", "ptr"] },
  ),
  attribute(
    "local",
    "honoured",
    ["interface", "operation"],
    "Not on the wire: no stub, no opnum. A `call_as` operation may stand for it.",
  ),
  attribute(
    "object",
    "honoured",
    ["interface"],
    "A COM interface: opnums start after those of its base, each call carries ORPCTHIS and ORPCTHAT.",
  ),
  attribute(
    "ms_union",
    "honoured",
    ["interface", "typedef", "type", "field", "parameter"],
    "In NDR 2.0 the arm of a union aligns as the largest arm does.",
  ),
  attribute("async_uuid", "kept", ["interface"], "The UUID of the asynchronous twin interface.", {
    form: "uuid",
  }),

  // ---- binding handles
  attribute(
    "handle",
    "kept",
    ["typedef"],
    "A type from which the client derives the binding. Values of it are sent as any other.",
  ),
  attribute(
    "explicit_handle",
    "kept",
    ["interface", "operation"],
    "Each operation takes a binding handle, which is not sent.",
    { conflicts: ["implicit_handle", "auto_handle"] },
  ),
  attribute(
    "implicit_handle",
    "kept",
    ["interface"],
    "A global variable holds the binding: `implicit_handle(handle_t h)`.",
    { form: "type", conflicts: ["auto_handle"] },
  ),
  attribute("auto_handle", "kept", ["interface"], "The stub finds the binding by itself."),
  attribute(
    "context_handle",
    "honoured",
    result,
    "A handle to state that the server keeps: 20 bytes on the wire.",
  ),
  attribute(
    "context_handle_serialize",
    "honoured",
    result,
    "A context handle whose calls the server runs one after another.",
    { conflicts: ["context_handle_noserialize"] },
  ),
  attribute(
    "context_handle_noserialize",
    "honoured",
    result,
    "A context handle whose calls may run at the same time.",
  ),
  attribute(
    "strict_context_handle",
    "honoured",
    ["interface"],
    "A context handle is valid only for the interface that made it.",
  ),
  attribute(
    "type_strict_context_handle",
    "honoured",
    ["interface"],
    "A context handle is valid only as the type that it was made as.",
  ),
  attribute(
    "strict",
    "honoured",
    result,
    "On a context handle: valid only for the interface that made it.",
  ),
  attribute(
    "type_strict",
    "honoured",
    result,
    "On a context handle: valid only as the type that it was made as.",
  ),
  attribute("serialize", "honoured", result, "On a context handle: calls run one after another.", {
    conflicts: ["noserialize"],
  }),
  attribute("noserialize", "honoured", result, "On a context handle: calls may run together."),

  // ---- operations
  attribute("idempotent", "honoured", ["operation"], "May run more than once for one call."),
  attribute("broadcast", "honoured", ["operation"], "May be sent to every server of a network.", {
    conflicts: ["message"],
  }),
  attribute("maybe", "honoured", ["operation"], "The client waits for no answer.", {
    conflicts: ["message", "callback"],
  }),
  attribute("message", "honoured", ["operation"], "Sent as a queued message; no answer."),
  attribute(
    "callback",
    "honoured",
    ["operation"],
    "Runs from server to client during a call; has opnums of its own.",
  ),
  attribute("async", "kept", ["operation", "interface"], "Completed when the server sees fit."),
  attribute(
    "call_as",
    "honoured",
    ["operation"],
    "The remote form of a `local` operation, whose place it takes.",
    { form: "name", conflicts: ["local"] },
  ),
  attribute(
    "notify",
    "kept",
    ["operation"],
    "The server stub calls a notification routine when it is done.",
  ),
  attribute("notify_flag", "kept", ["operation"], "As notify; the routine is told of success."),

  // ---- directions
  attribute("in", "honoured", ["parameter"], "Sent with the request."),
  attribute("out", "honoured", ["parameter"], "Sent with the response."),

  // ---- pointers
  attribute("ref", "honoured", pointer, "A pointer that is never null and never an alias.", {
    conflicts: ["unique", "ptr"],
  }),
  attribute("unique", "honoured", pointer, "A pointer that may be null, and is never an alias.", {
    conflicts: ["ptr"],
  }),
  attribute("ptr", "honoured", pointer, "A full pointer: may be null, may be an alias."),
  attribute("ignore", "honoured", member, "A pointer whose target is not sent."),
  attribute(
    "partial_ignore",
    "refused",
    ["parameter"],
    "Of an [in, out] pointer only whether it is null is sent with the request.",
  ),
  attribute(
    "disable_consistency_check",
    "kept",
    result,
    "Switches off a check of MIDL's own between attributes.",
  ),
  attribute("iid_is", "honoured", declared, "The interface that the pointer points to.", {
    form: "expression",
    conflicts: ["string"],
  }),

  // ---- arrays and strings
  attribute("size_is", "honoured", result, "The number of elements of each dimension.", {
    ...anyDimensions,
    conflicts: ["max_is"],
  }),
  attribute("max_is", "honoured", result, "The highest index of each dimension.", anyDimensions),
  attribute("min_is", "honoured", result, "The lowest index of each dimension.", anyDimensions),
  attribute("length_is", "honoured", result, "The number of elements sent of each dimension.", {
    ...anyDimensions,
    conflicts: ["last_is"],
  }),
  attribute("first_is", "honoured", result, "The first index sent.", anyDimensions),
  attribute("last_is", "honoured", result, "The last index sent.", anyDimensions),
  attribute("string", "honoured", [...pointer, "constant"], "Ends with a terminator.", {
    conflicts: ["first_is", "last_is"],
  }),
  attribute("range", "honoured", result, "The lowest and the highest value allowed.", {
    form: "constants",
    count: [2, 2],
  }),

  // ---- unions and enumerations
  attribute(
    "switch_type",
    "honoured",
    ["typedef", "type", "field", "parameter"],
    "The type of a union's discriminant.",
    { form: "type" },
  ),
  attribute("switch_is", "honoured", [...member, "typedef"], "What selects the arm of a union.", {
    form: "expression",
  }),
  attribute("case", "honoured", ["field"], "The discriminants that select this arm.", {
    form: "constants",
    count: [1, 65_536],
  }),
  attribute(
    "default",
    "honoured",
    ["field", "coclass member"],
    "Of a union: the arm of all other discriminants. Of a coclass: its main interface.",
  ),
  attribute(
    "v1_enum",
    "honoured",
    ["typedef", "type", "field"],
    "An enumeration of 4 bytes. Others have 2 in NDR 2.0.",
  ),

  // ---- other forms on the wire
  attribute("transmit_as", "honoured", ["typedef"], "Sent as another type.", {
    form: "type",
    conflicts: ["wire_marshal", "user_marshal", "represent_as"],
  }),
  attribute("wire_marshal", "honoured", ["typedef"], "Sent as another type.", {
    form: "type",
    conflicts: ["user_marshal", "represent_as"],
  }),
  attribute(
    "cs_char",
    "kept",
    ["typedef"],
    "The program sees characters of its own code set; those of the named type are sent.",
    { form: "raw" },
  ),
];
