/** Every control code in both versions: what it answers, to whom, with how much room, in which states of the server. */
import { Status } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { controlConformance } from "../../src/conformance.ts";
import type { ControlCode } from "../../src/control/code.ts";
import type { Version } from "../../src/service/methods/table.ts";
import { RpcError } from "@msrpc/rpc";
import { type CodeCall, callsOf } from "./code-calls.ts";
import {
  type Client3,
  type Handles,
  handlesOf,
  type Named,
  newScene,
  type Scene,
} from "./scene.ts";

const { ERROR_ACCESS_DENIED, ERROR_INVALID_FUNCTION, ERROR_MORE_DATA, ERROR_SHARING_PAUSED } =
  Status;

interface Answer {
  readonly status: number;
  readonly outBuffer: Uint8Array;
}

interface Row {
  readonly version: Version;
  readonly code: ControlCode;
  readonly isSupported: boolean;
}

/** Version 2.0 has no group sets. */
function versionsOf({ kind }: ControlCode): readonly Version[] {
  return kind === "groupSet" ? [3] : [3, 2];
}

const rows = controlConformance().flatMap(({ code, standing }) =>
  standing === "missing"
    ? []
    : versionsOf(code).map((version): [string, Row] => [
        `CLUSCTL_${code.name} in ${version}.0`,
        { version, code, isSupported: standing === "served" && version >= code.since },
      ]),
);

/** The handle that a code of some kind is run on, and by what. */
const onHandle: Readonly<Record<ControlCode["kind"], readonly [operation: string, Named]>> = {
  resource: ["resourceControl", "resource"],
  resourceType: ["resourceTypeControl", "cluster"],
  group: ["groupControl", "group"],
  node: ["nodeControl", "node"],
  network: ["networkControl", "network"],
  netInterface: ["netInterfaceControl", "netInterface"],
  cluster: ["clusterControl", "cluster"],
  groupSet: ["groupSetControl", "groupSet"],
};

const byName: Readonly<Record<string, Named>> = {
  Disk: "disk",
  "Cluster Name": "ownName",
  Name: "otherName",
  Address: "address",
  Idle: "idle",
  Volume: "volume",
  "Empty Set": "emptySet",
};

class Caller {
  readonly scene: Scene;
  readonly #row: Row;
  readonly #handles: Handles;

  constructor(scene: Scene, row: Row, handles: Handles) {
    this.scene = scene;
    this.#row = row;
    this.#handles = handles;
  }

  async call({ on, input, room = 0x1_0000 }: CodeCall, size: number = room): Promise<Answer> {
    const { version, code } = this.#row;
    const [operation, usual] = onHandle[code.kind];
    const handle = this.#handles[byName[on ?? ""] ?? usual];
    const request = {
      [usual]: handle,
      ...(code.kind === "resourceType" && { resourceTypeName: on ?? "Generic Service" }),
      controlCode: code.value,
      inBuffer: input ?? null,
      outBufferSize: size,
    };
    const client = version === 3 ? this.scene.three : (this.scene.two as unknown as Client3);
    const run = (client as unknown as Record<string, (request: object) => Promise<object>>)[
      operation
    ];
    const nothing = { outBuffer: new Uint8Array(0), returnValue: 0 };
    const given = await run?.(request).catch((error: unknown) => {
      if (!(error instanceof RpcError)) throw error;
      return { ...error.response, returnValue: error.status };
    });
    const { outBuffer, returnValue } = { ...nothing, ...given };
    return { outBuffer, status: returnValue };
  }
}

async function opened(row: Row, access: "read" | "all" = "all"): Promise<Caller> {
  const scene = newScene();
  const [, usual] = onHandle[row.code.kind];
  const others = callsOf(row.code).flatMap(({ on = "" }) => byName[on] ?? []);
  const names = new Set<string>([usual, ...others]);
  return new Caller(scene, row, await handlesOf(scene, row.version, { access, names }));
}

test.each(rows)(
  "%s answers what its row has, and takes as much room as it says",
  async (_, row) => {
    const caller = await opened(row);
    for (const one of callsOf(row.code)) {
      if (!row.isSupported) {
        expect((await caller.call(one)).status).toBe(ERROR_INVALID_FUNCTION);
        return;
      }
      one.before?.(caller.scene);
      const { status, outBuffer } = await caller.call(one);
      expect(status).toBe(one.status ?? 0);
      if (outBuffer.length === 0) continue;
      const short = await caller.call(one, outBuffer.length - 1);
      // The answer is no longer where it has less room.
      const isShorter = row.code.name === "RESOURCE_QUERY_MAINTENANCE_MODE";
      expect(short.status).toBe(isShorter ? 0 : ERROR_MORE_DATA);
      if (isShorter) expect((await caller.call(one, 3)).status).toBe(ERROR_MORE_DATA);
    }
  },
);

test.each(rows)("%s is answered in the states of its row", async (_, row) => {
  const { serverState } = row.code;
  const caller = await opened(row);
  caller.scene.state = "readOnly";
  const { status } = await caller.call(callsOf(row.code)[0] ?? {});
  if (serverState === "readWrite") expect(status).toBe(ERROR_SHARING_PAUSED);
  else expect(status).not.toBe(ERROR_SHARING_PAUSED);
});

test.each(rows.filter(([, { version }]) => version === 3))(
  "%s is answered to callers that may read as its row says",
  async (_, row) => {
    const caller = await opened(row, "read");
    caller.scene.level = "read";
    const [one = {}] = callsOf(row.code);
    const { status } = await caller.call(one);
    // Group sets can't be opened to read.
    const isChange = row.code.access === "all" && row.code.kind !== "groupSet";
    const isRefused = isChange || one.status === ERROR_ACCESS_DENIED;
    if (isRefused) expect(status).toBe(ERROR_ACCESS_DENIED);
    else expect(status).not.toBe(ERROR_ACCESS_DENIED);
  },
);
