// Has Wireshark's dissectors judge a capture, and says what they made of each PDU.
import { pduFlags } from "@msrpc/rpc/pdu";
import { needPackages } from "./packages.ts";
import { run } from "./command.ts";

/** A warning or an error of the dissectors. */
interface Expert {
  readonly frame: number;
  readonly severity: "warning" | "error";
  readonly message: string;
  /** What Wireshark's list shows of the frame. */
  readonly info: string;
}

/** A PDU as it was dissected. What doesn't apply, or was not found, is null. */
export interface DissectedPdu {
  readonly frame: number;
  /** tcp.stream: counts the connections of a capture from 0. */
  readonly stream: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Value of PTYPE. */
  readonly type: number;
  readonly flags: number;
  readonly littleEndian: boolean;
  readonly fragLength: number;
  readonly authLength: number;
  readonly callId: number;
  readonly allocHint: number | null;
  readonly contextId: number | null;
  /** Of a response or fault that of its request, where that is in the capture. */
  readonly opnum: number | null;
  /** Of a fault. */
  readonly status: number | null;
  /** The stub with the last fragment of its message, in the clear; null too where a dissector knows the interface. */
  readonly stub: Uint8Array | null;
  /** The last fragment of a message whose stub was sealed and is still, of an interface that no dissector knows. */
  readonly opaque: boolean;
  /** As in Wireshark's list: the interface, or `DCERPC` where no dissector knows it. */
  readonly protocol: string;
}

export interface Inspection {
  /** Frames with a PDU that a dissector could not read to its end. */
  readonly malformed: readonly { readonly frame: number; readonly info: string }[];
  readonly experts: readonly Expert[];
  /** PDUs in the order of the capture. */
  readonly rows: readonly DissectedPdu[];
}

export interface InspectOptions {
  /** Of the user, to open what NTLM has sealed. */
  readonly ntPassword?: string;
  /** A file of keys, to open what Kerberos has sealed. */
  readonly keytab?: string;
  /** Takes wrong IP and TCP checksums for errors; those that a real interface puts in are missing. Default: false. */
  readonly checksums?: boolean;
  /** Dissectors that are to know nothing: their stubs are shown as octets. */
  readonly disabled?: readonly string[];
  /** Default: 120. */
  readonly seconds?: number;
}

/** Fields of one frame, and their values where they occur several times. */
const betweenFields = "\t";
const betweenValues = "\u001e";
const columns = [
  "frame.number",
  "_ws.malformed",
  "_ws.expert.severity",
  "_ws.expert.message",
  "_ws.col.Info",
  "_ws.col.Protocol",
];
const severities = { warning: 0x60_0000, error: 0x80_0000 } as const;

/**
 * Dissects a pcap or pcapng file with the connections to these ports as DCE/RPC. It is read as a whole: captures of
 * some 10 MiB, not of gigabytes.
 */
export function inspect(
  file: string,
  ports: readonly number[],
  options: InspectOptions = {},
): Inspection {
  needPackages("tshark");
  const { seconds = 120 } = options;
  const args = ["-n", "-2", "-r", file, ...settings(ports, options)];
  const format = [`separator=${betweenFields}`, `aggregator=${betweenValues}`];
  const table = run(
    "tshark",
    [
      ...args,
      "-T",
      "fields",
      ...format.flatMap((value) => ["-E", value]),
      ...columns.flatMap((field) => ["-e", field]),
    ],
    { seconds },
  );
  const tree = run(
    "tshark",
    [...args, "-Y", "dcerpc", "-T", "json", "--no-duplicate-keys", "-J", "frame tcp dcerpc"],
    { seconds },
  );
  const frames = table.split("\n").filter((line) => line !== "");
  const protocols = new Map(
    frames.map((line) => {
      const [frame, , , , , protocol = ""] = line.split(betweenFields);
      return [Number(frame), protocol];
    }),
  );
  return {
    malformed: frames.flatMap((line) => {
      const [frame = "", malformed = "", , , info = ""] = line.split(betweenFields);
      return malformed === "" ? [] : [{ frame: Number(frame), info }];
    }),
    experts: frames.flatMap(expertsOf),
    rows: (JSON.parse(tree === "" ? "[]" : tree) as readonly Packet[]).flatMap((packet) =>
      rowsOf(packet, protocols),
    ),
  };
}

function settings(ports: readonly number[], options: InspectOptions): string[] {
  const { ntPassword, keytab, checksums = false, disabled = [] } = options;
  const values = {
    "dcerpc.desegment_dcerpc": "TRUE",
    "dcerpc.reassemble_dcerpc": "TRUE",
    "tcp.desegment_tcp_streams": "TRUE",
    "ip.check_checksum": checksums ? "TRUE" : "FALSE",
    "tcp.check_checksum": checksums ? "TRUE" : "FALSE",
    ...(ntPassword !== undefined && { "ntlmssp.nt_password": ntPassword }),
    ...(keytab !== undefined && { "kerberos.decrypt": "TRUE", "kerberos.file": keytab }),
  };
  return [
    ...ports.flatMap((port) => ["-d", `tcp.port==${port},dcerpc`]),
    ...Object.entries(values).flatMap(([name, value]) => ["-o", `${name}:${value}`]),
    ...disabled.flatMap((name) => ["--disable-protocol", name]),
  ];
}

function expertsOf(line: string): Expert[] {
  const [frame = "", , levels = "", messages = "", info = ""] = line.split(betweenFields);
  const said = messages.split(betweenValues);
  return levels.split(betweenValues).flatMap((level, i) => {
    const value = Number(level);
    if (value < severities.warning) return [];
    const severity = value >= severities.error ? "error" : "warning";
    return [{ frame: Number(frame), severity, message: said[i] ?? "", info }];
  });
}

/** The part of tshark's JSON that is read here. Several of one layer are a list. */
interface Packet {
  readonly _source: {
    readonly layers: {
      readonly frame: Layer;
      readonly tcp: Layer | readonly Layer[];
      readonly dcerpc: Layer | readonly Layer[];
    };
  };
}

type Layer = Readonly<Record<string, unknown>>;

function rowsOf(
  { _source: { layers } }: Packet,
  protocols: ReadonlyMap<number, string>,
): DissectedPdu[] {
  const [tcp = {}] = [layers.tcp].flat();
  const frame = numberOf(layers.frame, "frame.number") ?? -1;
  const protocol = protocols.get(frame) ?? "";
  return [layers.dcerpc].flat().map((pdu): DissectedPdu => {
    const stub = text(pdu, "dcerpc.decrypted_stub_data") ?? text(pdu, "dcerpc.stub_data");
    return {
      frame,
      stream: numberOf(tcp, "tcp.stream") ?? -1,
      sourcePort: numberOf(tcp, "tcp.srcport") ?? -1,
      destinationPort: numberOf(tcp, "tcp.dstport") ?? -1,
      type: numberOf(pdu, "dcerpc.pkt_type") ?? -1,
      flags: numberOf(pdu, "dcerpc.cn_flags") ?? -1,
      littleEndian: text(pdu, "dcerpc.drep")?.startsWith("1") === true,
      fragLength: numberOf(pdu, "dcerpc.cn_frag_len") ?? -1,
      authLength: numberOf(pdu, "dcerpc.cn_auth_len") ?? -1,
      callId: numberOf(pdu, "dcerpc.cn_call_id") ?? -1,
      allocHint: numberOf(pdu, "dcerpc.cn_alloc_hint"),
      contextId: numberOf(pdu, "dcerpc.cn_ctx_id"),
      opnum: numberOf(pdu, "dcerpc.opnum"),
      status: numberOf(pdu, "dcerpc.cn_status"),
      stub: stub === null ? null : Uint8Array.from(Buffer.from(stub.replaceAll(":", ""), "hex")),
      opaque:
        "dcerpc.encrypted_stub_data" in pdu &&
        stub === null &&
        protocol === "DCERPC" &&
        (Number(pdu["dcerpc.cn_flags"]) & pduFlags.last) !== 0,
      protocol,
    };
  });
}

function text(layer: Layer, field: string): string | null {
  const value = layer[field];
  return typeof value === "string" ? value : null;
}

/** Decimal, or hexadecimal with 0x. */
function numberOf(layer: Layer, field: string): number | null {
  const value = text(layer, field);
  return value === null ? null : Number(value);
}
