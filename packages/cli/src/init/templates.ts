/** The files of a new protocol: small enough to read at once, complete enough to generate and test at once. */

export interface NewProtocol {
  /** `ms-echo`: of the folders and of the IDL file. */
  readonly name: string;
  /** `ms_echo`: of the interface. */
  readonly interfaceName: string;
  readonly uuid: string;
}

export function idlTemplate({ name, interfaceName, uuid }: NewProtocol): string {
  return `/*
 * ${name}: say here which document, revision and section this interface is from.
 */

[
    uuid(${uuid}),
    version(1.0),
    pointer_default(unique)
]
interface ${interfaceName}
{
    typedef struct _ENTRY {
        unsigned long id;
        [string] wchar_t *name;
    } ENTRY;

    /* 0 */
    error_status_t Lookup(
        [in, string] const wchar_t *name,
        [out] ENTRY *entry
    );

    /* 1 */
    error_status_t Sum(
        [in, range(0, 1000)] unsigned long count,
        [in, size_is(count)] const unsigned long *values,
        [out] unsigned hyper *sum
    );
}
`;
}

/** `schema` is the path of the overlay's JSON Schema from the root of the repository, where it is there. */
export function overlayTemplate(schema: string | null): string {
  return schema === null ? "{}\n" : `{\n  "$schema": "../../${schema}"\n}\n`;
}

export function testTemplate(descriptor: string): string {
  return `import { createClient, createRouter, inMemoryTransport, RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { ${descriptor} } from "../src/index.ts";

const router = createRouter({ onError: console.error }).serve(${descriptor}, {
  lookup({ name }) {
    if (name !== "first") throw new RpcError(2);
    return { entry: { id: 1, name } };
  },
  sum: ({ values }) => ({ sum: values.reduce((sum, value) => sum + BigInt(value), 0n) }),
});

test.each(["ndr", "ndr64"] as const)("a client and a server exchange calls in %s", async (syntax) => {
  await using client = createClient(${descriptor}, inMemoryTransport(router, { syntax }));
  expect(await client.lookup({ name: "first" })).toEqual({ entry: { id: 1, name: "first" } });
  expect(await client.sum({ values: [1, 2, 0xffffffff] })).toEqual({ sum: 4294967298n });
});

test("a status that is an error is thrown", async () => {
  await using client = createClient(${descriptor}, inMemoryTransport(router));
  await expect(client.lookup({ name: "none" })).rejects.toMatchObject({ status: 2 });
});
`;
}
