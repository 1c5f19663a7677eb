/** The command line of clusterd. */
import { parseArgs } from "node:util";
import { type Level, levels, type LogFormat, logFormats } from "./log.ts";

export const usage = `Serves a failover cluster until it is told to stop.

clusterd --listen BINDING [--listen BINDING...] [--store FILE] [--users FILE] [--keytab FILE] ...

Where and what:
  --listen       where to listen: ncacn_ip_tcp:127.0.0.1[PORT]; port 0 is one that is free
  --store        the file that keeps the cluster, made where there is none; "memory:" forgets it at the end, and is the default
  --definition   what a new cluster is made of: a file in YAML or JSON; one that a store has goes on as it is
  --check        looks at the definition and the store, says what is wrong, and ends
  --local-networks
                 the cluster is on the networks of this machine, as they are found at each start
  --probe-networks
                 states of interfaces follow what can be reached; --local-networks does that too

What resources are:
  --type         a module with code for a resource type, which a cluster that doesn't have it gets
  --manage-addresses
                 have the program "ip" give IP addresses to this machine, and take them away

Who may do what:
  --users        accounts that may log on by NTLM, as "msrpc passwd" makes them
  --users-may    what accounts of --users may do beside --security: all, which is the default, read or nothing
  --keytab       keys of the service, for Kerberos
  --keytab-may   what whoever has a ticket for it may do beside --security: nothing, which is the default, read or all
  --security     a security descriptor with the generic rights GA and GR; administrators everything by default
  --test-mode    also serve callers that have not logged on and calls that are not sealed

What it keeps:
  --backup       a file for copies of the store: one is made at each SIGUSR2, or without --listen at once
  --stop-timeout seconds that resources have to stop when it is told to; 60 by default

What it says:
  --metrics      PORT or HOST:PORT for /metrics and /health over HTTP; on loopback where there is no host
  --log-level    debug, info, which is the default, warn or error
  --log-format   json or text; by default text at a terminal, otherwise json
  --version      the version of clusterd

Examples:
  $ clusterd --listen 'ncacn_ip_tcp:127.0.0.1[49153]' --store cluster.db --users users
  $ clusterd --listen 'ncacn_ip_tcp:[135]' --store cluster.db --keytab /etc/krb5.keytab`;

/** Somewhere to listen, for who has written something else. */
export const exampleBinding = "ncacn_ip_tcp:127.0.0.1[49153]";

/** What somebody may do who has logged on in one way or other. */
const mays = ["all", "read", "nothing"] as const;
export type May = (typeof mays)[number];

export interface Options {
  readonly listen: readonly string[];
  readonly store: string;
  /** A file. */
  readonly definition: string | null;
  /** Says what is wrong with files, and serves nothing. */
  readonly check: boolean;
  readonly localNetworks: boolean;
  readonly probeNetworks: boolean;
  /** Modules. */
  readonly types: readonly string[];
  readonly manageAddresses: boolean;
  readonly users: string | null;
  readonly usersMay: May;
  readonly keytab: string | null;
  readonly keytabMay: May;
  /** SDDL. */
  readonly security: string | null;
  readonly testMode: boolean;
  /** A file. */
  readonly backup: string | null;
  /** Milliseconds. */
  readonly stopTimeout: number;
  /** Where to serve metrics. */
  readonly metrics: string | null;
  readonly logLevel: Level;
  /** Null for what suits where it is written to. */
  readonly logFormat: LogFormat | null;
}

/** @throws TypeError for arguments that it doesn't know */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: "string", multiple: true, default: [] },
      store: { type: "string", default: "memory:" },
      definition: { type: "string" },
      check: { type: "boolean", default: false },
      "probe-networks": { type: "boolean", default: false },
      "local-networks": { type: "boolean", default: false },
      type: { type: "string", multiple: true, default: [] },
      "manage-addresses": { type: "boolean", default: false },
      users: { type: "string" },
      "users-may": { type: "string", default: "all" },
      keytab: { type: "string" },
      "keytab-may": { type: "string", default: "nothing" },
      security: { type: "string" },
      "test-mode": { type: "boolean", default: false },
      backup: { type: "string" },
      "stop-timeout": { type: "string", default: "60" },
      metrics: { type: "string" },
      "log-level": { type: "string", default: "info" },
      "log-format": { type: "string" },
    },
  });
  const { listen, check, "log-format": format } = values;
  if (listen.length === 0 && !check && values.backup === undefined) {
    throw new TypeError(`--listen needs a binding, as ${exampleBinding}`);
  }
  return {
    listen,
    store: values.store,
    definition: values.definition ?? null,
    check,
    localNetworks: values["local-networks"],
    probeNetworks: values["probe-networks"] || values["local-networks"],
    types: values.type,
    manageAddresses: values["manage-addresses"],
    users: values.users ?? null,
    usersMay: oneOf("--users-may", mays, values["users-may"]),
    keytab: values.keytab ?? null,
    keytabMay: oneOf("--keytab-may", mays, values["keytab-may"]),
    security: values.security ?? null,
    testMode: values["test-mode"],
    backup: values.backup ?? null,
    stopTimeout: seconds("--stop-timeout", values["stop-timeout"]) * 1000,
    metrics: values.metrics ?? null,
    logLevel: oneOf("--log-level", levels, values["log-level"]),
    logFormat: format === undefined ? null : oneOf("--log-format", logFormats, format),
  };
}

function oneOf<T extends string>(option: string, choices: readonly T[], given: string): T {
  const chosen = choices.find((choice) => choice === given);
  if (chosen === undefined) {
    const [last, ...others] = choices.toReversed();
    throw new TypeError(
      `${option} takes ${others.toReversed().join(", ")} or ${last}, not ${given}`,
    );
  }
  return chosen;
}

/** What a timer of the system takes. */
const longestSeconds = 2_147_483;

function seconds(option: string, given: string): number {
  if (/^\d{1,7}$/.test(given) && Number(given) <= longestSeconds) return Number(given);
  throw new TypeError(`${option} takes a number of seconds up to ${longestSeconds}, not ${given}`);
}
