// Runs in the browser: the compiler, the wire plan with its interpreter, and the codecs.
import { compile, memoryHost } from "@msrpc/idl";
import { NdrError, NdrReader, NdrWriter } from "@msrpc/ndr";
import { decodeStub, encodeStub, plan } from "@msrpc/wire";

const source = `
[uuid(6bffd098-a112-3610-9833-46c3f87e345a), version(1.0)]
interface sample
{
    typedef struct {
        unsigned long count;
        [size_is(count)] unsigned short values[];
    } SAMPLES;

    unsigned long Add([in] handle_t h, [in] SAMPLES *samples, [in, string, unique] wchar_t *label);
}`;

const passed: string[] = [];
const failed: string[] = [];

function check(name: string, body: () => boolean): void {
  try {
    (body() ? passed : failed).push(name);
  } catch (error) {
    failed.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

const value = { samples: { count: 3, values: [1, 2, 3] }, label: "näme" };
const bytes =
  "3 0 0 0 3 0 0 0 1 0 2 0 3 0 0 0 0 0 2 0 5 0 0 0 0 0 0 0 5 0 0 0 110 0 228 0 109 0 101 0 0 0";

check("idl compiles", () => {
  const { diagnostics } = compile(["a.idl"], memoryHost({ "a.idl": source }));
  return diagnostics.every(({ severity }) => severity !== "error");
});

check("idl reports", () => {
  const broken = source.replace("size_is(count)", "size_is(missing)");
  return compile(["a.idl"], memoryHost({ "a.idl": broken })).diagnostics.length > 0;
});

check("wire encodes and decodes", () => {
  const { program } = compile(["a.idl"], memoryHost({ "a.idl": source }));
  const planned = plan(program).plan;
  const operation = planned.interfaces[0]?.operations[0];
  if (operation === undefined) return false;
  const stub = encodeStub(planned, operation, "in", value);
  const back = decodeStub(planned, operation, "in", stub);
  return stub.join(" ") === bytes && JSON.stringify(back.value) === JSON.stringify(value);
});

check("ndr writes and reads", () => {
  const w = new NdrWriter({ syntax: "ndr64" });
  w.u8(1, "small");
  w.u64(2n ** 63n, "wide");
  w.wstring("näme", "name");
  const r = new NdrReader(w.finish(), { syntax: "ndr64" });
  return r.u8("small") === 1 && r.u64("wide") === 2n ** 63n && r.wstring("name") === "näme";
});

check("ndr names what is wrong", () => {
  try {
    new NdrReader(new Uint8Array(3)).u32("count");
    return false;
  } catch (error) {
    return error instanceof NdrError && error.path === "count";
  }
});

await fetch("/result", { method: "POST", body: JSON.stringify({ passed, failed }) });
