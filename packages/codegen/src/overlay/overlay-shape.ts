/** The shape of an overlay file: what the loader accepts and overlay.schema.json states. */
import {
  either,
  flag,
  integer,
  list,
  literal,
  map,
  object,
  text,
  type Shape,
} from "../json/shape.ts";
import { statusLibraries } from "./statuses/libraries.ts";

const section = text(
  "The section of the document: 2.2.3.4; of another document: [MS-LSAT] 3.1.4.5.",
  "^(\\[[^\\]]+\\] )?[0-9A-Za-z]+(\\.[0-9A-Za-z]+)*$",
);
const summary = text("One sentence in plain words.");
const identifier = "^[A-Za-z][A-Za-z0-9]*$";
const tsName = text("The TypeScript name.", identifier);
const statusList = list(
  "Which [out] parameters, or `return`, are statuses; the first is the one a handler's error goes to.",
  text(""),
);
const statusNames = (doc: string): Shape => list(doc, text(""));

const correction = object(
  "What the IDL gets wrong about it on the wire.",
  {
    reason: text("Why: which document or implementation shows it."),
    string: literal("[string] is missing.", true),
    pointer: literal("The class of its pointer.", "ref", "unique", "full"),
    direction: literal("Its direction.", "in", "out", "in, out"),
    type: text("A primitive in place of the type as written: u32."),
    sizeIs: text("size_is is missing: a parameter or field, or a number."),
    lengthIs: text("length_is is missing: a parameter or field, or a number."),
    drop: literal("It isn't on the wire.", true),
  },
  ["reason"],
);

const presentations = {
  sid: "sid: of an RPC_SID, its text.",
  countedString: "countedString: of an RPC_UNICODE_STRING, its text.",
  terminatedString: "terminatedString: likewise, with a terminator that is counted.",
  wire: "wire: what is sent, in spite of what else is said of the type.",
};

const presentation = object(
  "A Presentation that somebody wrote.",
  {
    module: text("A path from the root of the generated modules, or a package."),
    name: text("What it is exported as.", identifier),
  },
  ["module", "name"],
);

const as = (...others: readonly string[]): Shape =>
  either(
    "What a program sees of a value.",
    literal(Object.values(presentations).join(" "), ...others, ...Object.keys(presentations)),
    presentation,
  );

const member = object("A parameter, a field or an arm.", {
  name: tsName,
  summary,
  enum: text("An enumeration of `enums`, or of the IDL, whose values it takes."),
  as: as(),
  explicit: flag("Stays a member though it follows from an array."),
  correct: correction,
});

const type = object("A named type.", {
  name: tsName,
  section,
  summary,
  close: text("Of a context handle: the operation that closes it."),
  as: as("uuid"),
  fields: map("Fields of a structure, arms of a union.", member),
});

const operation = object("An operation.", {
  name: tsName,
  section,
  summary,
  status: statusList,
  accepts: statusNames("Status names that are no error beside 0."),
  errors: statusNames("Status names that the document lists for the operation."),
  longWait: flag("It answers when something happens: no default deadline."),
  opens: either(
    "The handle it opens and what closes it, where the handle's type doesn't say it; false: it opens none.",
    literal("", false),
    object("", { handle: text("An [out] parameter, or `return`."), close: text("An operation.") }, [
      "handle",
      "close",
    ]),
  ),
  closes: text("The handle that ends with the call, where its type doesn't name the operation."),
  absent: flag("Its opnum is taken and nothing is sent: the server answers a fault."),
  params: map("By parameter name; `return` is the return value.", member),
});

export const overlayShape: Shape = object(
  "Policy and names for an IDL file: see docs/overlays.md.",
  {
    $schema: text("The path of this schema, for editors."),
    document: text("The document the IDL was written from: MS-CMRP."),
    extends: list("Overlays that this one builds on, as paths from this file.", text("")),
    statusTable: text("A JSON file of status names and numbers, as a path from this file."),
    statusLibraries: list(
      "Tables of [MS-ERREF] that the numbers of other names come from.",
      literal("", ...statusLibraries),
    ),
    naming: object("How IDL names become TypeScript names.", {
      operationPrefixes: list("Taken off operation names.", text("")),
      typePrefixes: list("Taken off type names.", text("")),
      typeSuffixes: list("Taken off type names.", text("")),
      stripHungarian: flag("False keeps Hungarian prefixes. Default true."),
      members: map("Renames of parameters and fields wherever they stand.", tsName),
    }),
    types: map("By any name the type has in the IDL.", type),
    enums: map(
      "Enumerations that the IDL spells as plain integers, by TypeScript name.",
      object(
        "",
        {
          section,
          summary,
          values: map("", either("", integer(""), text("", "^0x[0-9A-Fa-f]+$"))),
        },
        ["values"],
      ),
    ),
    interfaces: map(
      "By the interface's name in the IDL.",
      object("An interface.", {
        name: tsName,
        section,
        summary,
        strictness: literal("Strictness of decoding, [MS-RPCE] 3.1.1.5.3.", 5, 6),
        status: statusList,
        operations: map("By the operation's name in the IDL.", operation),
      }),
    ),
  },
);
