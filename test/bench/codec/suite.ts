/** Codec throughput: generated code beside hand-written code of the same octets, and protobuf. */
import { deepStrictEqual } from "node:assert";
import { needPeer } from "../install-peers.ts";
import { measure } from "../measure.ts";
import * as byHand from "./by-hand.ts";
import { copyText } from "./copy-text.ts";
import { type Codec, generateOperations, requestCodec } from "./generated.ts";
import { makeMessage, makeShares, textOfMessage, textOfShares } from "./messages.ts";

/** What generated code must reach, as multiples of the contenders' rates. */
type Targets = Readonly<Record<string, { readonly encode: number; readonly decode?: number }>>;

const targets: Targets = {
  "by hand": { encode: 0.8, decode: 0.8 },
  "@bufbuild/protobuf": { encode: 4, decode: 4 },
  "@bufbuild/protobuf, from plain values": { encode: 4 },
  protobufjs: { encode: 1.5, decode: 1.5 },
};

/** Nearly all text: its characters alone take what 4 x leaves, see docs/benchmarks.md. */
const textTargets: Targets = {
  ...targets,
  "@bufbuild/protobuf": { encode: 2.2, decode: 4 },
  "@bufbuild/protobuf, from plain values": { encode: 3 },
};

interface Contender {
  readonly name: string;
  readonly encode: () => Uint8Array;
  /** Left out where it would be that of another contender. */
  readonly decode?: (bytes: Uint8Array) => unknown;
}

interface CodecRow {
  readonly name: string;
  readonly octets: number;
  /** Messages per second. */
  readonly encode: number;
  readonly decode: number | null;
}

export interface CodecResult {
  readonly message: string;
  readonly targets: Targets;
  /** Generated code first. */
  readonly rows: readonly CodecRow[];
  /** How many times a second the message's characters alone can be copied. */
  readonly text: number;
}

/** Measures everything. `rounds` of about 16 ms for each message. */
export async function runCodecSuite(rounds: number): Promise<CodecResult[]> {
  const operations = await generateOperations();
  const { protobufCodecs } = await loadPeers();
  const { putMessage, putShares } = operations;
  if (putMessage === undefined || putShares === undefined)
    throw new Error("operations are missing");
  const message = makeMessage();
  const shares = makeShares();
  return [
    compete(
      "6 u32, a string of 32, 64 u32, 16 structures of 3 u32 and a string",
      [
        ...own(requestCodec<typeof message>(putMessage, "message"), byHandMessage, message),
        ...protobufCodecs("Message", message),
      ],
      textOfMessage(message),
      targets,
      rounds,
    ),
    compete(
      "64 SHARE_INFO_1",
      [
        ...own(requestCodec<typeof shares>(putShares, "shares"), byHandShares, shares),
        ...protobufCodecs("ShareInfo1Container", shares),
      ],
      textOfShares(shares),
      textTargets,
      rounds,
    ),
  ];
}

const byHandMessage = { encode: byHand.encodeMessage, decode: byHand.decodeMessage };
const byHandShares = { encode: byHand.encodeShares, decode: byHand.decodeShares };

/** Both own codecs, after making sure that they agree on octets and values. */
function own<T>(generated: Codec<T>, hand: Codec<T>, value: T): Contender[] {
  const bytes = generated.encode(value).slice();
  deepStrictEqual(hand.encode(value).slice(), bytes);
  deepStrictEqual(generated.decode(bytes), value);
  deepStrictEqual(hand.decode(bytes), value);
  return [
    { name: "generated", encode: () => generated.encode(value), decode: generated.decode },
    { name: "by hand", encode: () => hand.encode(value), decode: hand.decode },
  ];
}

function compete(
  message: string,
  contenders: readonly Contender[],
  text: readonly string[],
  targets: Targets,
  rounds: number,
): CodecResult {
  const stubs = contenders.map(({ encode }) => encode().slice());
  const encode = measure(
    [...contenders.map((contender) => contender.encode), () => copyText(text)],
    { rounds },
  );
  const decoders = contenders.flatMap(({ name, decode }, i) =>
    decode === undefined ? [] : [{ name, run: () => decode(stubs[i] ?? new Uint8Array()) }],
  );
  const rates = measure(
    decoders.map(({ run }) => run),
    { rounds },
  );
  const decode = new Map(decoders.map(({ name }, i) => [name, rates[i] ?? 0]));
  const rows = contenders.map(({ name }, i) => ({
    name,
    octets: stubs[i]?.length ?? 0,
    encode: encode[i] ?? 0,
    decode: decode.get(name) ?? null,
  }));
  return { message, targets, rows, text: encode[contenders.length] ?? 0 };
}

/** The tables as Markdown, ratios against generated code, and what misses its target. */
export function formatCodecResults(results: readonly CodecResult[]): {
  readonly markdown: string;
  readonly missed: readonly string[];
} {
  const missed: string[] = [];
  const sections = results.map(({ message, targets, rows, text }) => {
    const [generated] = rows;
    const lines = rows.map((row) => {
      const cells = (["encode", "decode"] as const).flatMap((way) => {
        const rate = row[way];
        if (rate === null) return ["", ""];
        const ratio = (generated?.[way] ?? 0) / rate;
        const target = targets[row.name]?.[way];
        if (target !== undefined && ratio < target) {
          missed.push(`${message}: ${way} is ${ratio.toFixed(2)} of ${row.name}, not ${target}`);
        }
        return [`${Math.round(rate / 1000)} k/s`, target === undefined ? "" : ratio.toFixed(2)];
      });
      return `| ${[row.name, row.octets, ...cells].join(" | ")} |`;
    });
    return [
      `${message}:`,
      "",
      "| codec | octets | encode | generated is | decode | generated is |",
      "| --- | --- | --- | --- | --- | --- |",
      ...lines,
      "",
      `Copying its characters alone: ${Math.round(text / 1000)} k/s.`,
    ].join("\n");
  });
  return { markdown: sections.join("\n\n"), missed };
}

interface Peers {
  protobufCodecs(typeName: string, value: object): Contender[];
}

async function loadPeers(): Promise<Peers> {
  needPeer("protobufjs");
  const module: string = new URL("../peers/protobuf.mjs", import.meta.url).href;
  return (await import(module)) as Peers;
}
