import { expect, test } from "vitest";
import { publishedIdl } from "../src/init/published-idl.ts";

test("an appendix becomes a file that is named as other documents import it", () => {
  const files = publishedIdl(
    "MS-ABCD",
    [
      "# 6 Appendix A: Full IDL",
      "",
      'For ease of implementation, the full IDL is here, where "ms-dtyp.idl" is [MS-DTYP](x.md).',
      "",
      'import "ms-dtyp.idl";',
      "",
      "interface a",
      "",
      "{",
      "",
      "}",
      "",
      "# 7 Appendix B: Product Behavior",
      "",
      "interface b",
    ].join("\n"),
  );
  expect(files).toEqual([
    { name: "ms-abcd.idl", text: 'import "ms-dtyp.idl";\ninterface a\n{\n}\n' },
  ]);
});

test("an appendix of several files gives them all", () => {
  const files = publishedIdl(
    "MS-ABCD",
    [
      "# 6 Appendix A: Full IDL",
      "## 6.1 Appendix A.1: One.IDL",
      "const long one = 1;",
      '<a id="Section_6.2"></a>',
      "## 6.2 Appendix A.2: two.h",
      "#define two 2",
    ].join("\n"),
  );
  expect(files).toEqual([
    { name: "ms-abcd_one.idl", text: "const long one = 1;\n" },
    { name: "ms-abcd_two.h", text: "#define two 2\n" },
  ]);
});

test("list marks go, and sentences stay where they are comments", () => {
  const [file] = publishedIdl(
    "MS-ABCD",
    [
      "# 6 Appendix A: Full IDL",
      "- typedef long A; // This is a type that means one thing.",
      "/*",
      "This is a comment of several words.",
      "*/",
      "The following is a sentence of several words.",
      "typedef long B;",
    ].join("\n"),
  );
  expect(file?.text).toBe(
    "typedef long A; // This is a type that means one thing.\n" +
      "/*\nThis is a comment of several words.\n*/\ntypedef long B;\n",
  );
});

test("a document without an appendix of IDL gives nothing", () => {
  expect(publishedIdl("MS-ABCD", "# 6 Appendix A: Product Behavior\ntext")).toEqual([]);
});
