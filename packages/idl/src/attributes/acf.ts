/** Attributes of attribute configuration files (ACF), which Microsoft's compiler takes in IDL too. */
import { type AttributeDefinition, type AttributePosition, attribute } from "./definition.ts";

const code: readonly AttributePosition[] = ["interface", "operation"];
const layout: readonly AttributePosition[] = ["interface", "typedef", "parameter", "field"];
const status: readonly AttributePosition[] = ["operation", "parameter", "typedef"];

export const acfAttributes: readonly AttributeDefinition[] = [
  attribute(
    "comm_status",
    "kept",
    status,
    "Communication errors are handed over here; a parameter of the IDL is sent as any other.",
  ),
  attribute(
    "fault_status",
    "kept",
    status,
    "Faults of the server are handed over here; a parameter of the IDL is sent as any other.",
  ),
  attribute(
    "represent_as",
    "kept",
    ["typedef"],
    "The program sees another type; the named one is sent.",
    { form: "raw", conflicts: ["user_marshal"] },
  ),
  attribute(
    "user_marshal",
    "kept",
    ["typedef"],
    "The program sees another type, which routines of the user convert; the named one is sent.",
    { form: "raw" },
  ),
  attribute("cs_drtag", "kept", ["parameter"], "The code set wanted of the answer."),
  attribute("cs_rtag", "kept", ["parameter"], "The code set of the answer."),
  attribute("cs_stag", "kept", ["parameter"], "The code set of the request."),
  attribute(
    "cs_tag_rtn",
    "kept",
    code,
    "The routine that sets code set tags; they are sent as parameters.",
    { form: "name" },
  ),
  attribute("byte_count", "kept", ["parameter"], "The bytes that the client has set aside.", {
    form: "expression",
  }),
  attribute("allocate", "kept", ["typedef", "parameter", "field"], "How targets are allocated.", {
    form: "words",
    count: [1, 4],
    words: ["all_nodes", "single_node", "free", "dont_free", "on_null", "always"],
  }),
  attribute("force_allocate", "kept", ["typedef", "parameter"], "Always allocated anew.", {
    form: "raw",
    count: [0, 4],
  }),
  attribute("enable_allocate", "kept", code, "The stub sets up memory management."),
  attribute("code", "kept", code, "Generate the client stub.", { conflicts: ["nocode"] }),
  attribute("nocode", "kept", code, "Generate no client stub."),
  attribute("in_line", "kept", layout, "Marshal in line.", { conflicts: ["out_of_line"] }),
  attribute("out_of_line", "kept", layout, "Marshal in a routine of its own."),
  attribute("heap", "kept", layout, "The server keeps it on the heap."),
  attribute("encode", "kept", [...code, "typedef"], "Generate serialisation to a buffer."),
  attribute("decode", "kept", [...code, "typedef"], "Generate reading from a buffer."),
  attribute("optimize", "kept", code, "How Microsoft's compiler makes stubs.", {
    form: "strings",
  }),
  attribute("extern_exceptions", "kept", ["interface"], "Exceptions defined by the program.", {
    form: "raw",
    count: [0, 64],
  }),
  attribute("exceptions", "kept", ["interface"], "Exceptions that operations raise.", {
    form: "raw",
    count: [1, 64],
  }),
  attribute("binding_callout", "kept", ["interface"], "A routine called for each binding.", {
    form: "name",
  }),
  attribute("client_memory", "kept", code, "Memory management of the client.", {
    form: "raw",
    count: [0, 4],
  }),
];
