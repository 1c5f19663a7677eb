// Our client calls our server in every combination of byte order, transfer syntax, protection and fragment size, with few
// and many calls on one connection and on 64, and with payloads of up to 16 MiB.
import { kerberosClient, kerberosServer } from "@msrpc/auth/kerberos";
import { combinations, fragments, type MatrixMechanism, ntlm } from "../matrix/axes.ts";
import { type Load, matrixServer, run } from "../matrix/load.ts";
import { type Kdc, kdcPackages, startKdc } from "./support/kdc.ts";
import { needPackages } from "./support/packages.ts";
import { check, expectNone } from "./support/report.ts";

needPackages("libgssapi-krb5-2", ...kdcPackages);

const mebibyte = 1 << 20;

/** Stubs that end on either side of where a fragment does, for fragments of any size. */
function aroundFragments(fragment: number): number[] {
  const body = fragment - 24;
  const ends = [
    ...Array.from({ length: 48 }, (_, back) => body - back),
    ...Array.from({ length: 16 }, (_, back) => 2 * body - 3 * back),
  ];
  return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...ends];
}

type Sizes = readonly (readonly [client: number, server: number])[];

/** Fragments of client and server: alike, the extremes alone, and the least beside the most. */
const alike: Sizes = fragments.map((size) => [size, size] as const);
const extremes: Sizes = [
  [1432, 1432],
  [65_528, 65_528],
];
const unlike: Sizes = [
  [1432, 65_528],
  [65_528, 1432],
];

const loads: readonly {
  readonly name: string;
  readonly sizes: Sizes;
  readonly load: (fragment: number) => Load;
}[] = [
  {
    name: "1 connection, 1 call at a time, about the ends of fragments",
    sizes: [...alike, ...unlike],
    load(fragment) {
      const sizes = aroundFragments(fragment);
      const payload = (call: number): number => sizes[call] ?? 0;
      return { connections: 1, inFlight: 1, calls: sizes.length, payload };
    },
  },
  {
    name: "1 connection, 1,000 calls in flight",
    sizes: alike,
    load: () => ({ connections: 1, inFlight: 1000, calls: 1000, payload: (n) => (n * 37) % 3000 }),
  },
  {
    name: "64 connections, 1 call at a time",
    sizes: [[1432, 1432]],
    load: () => ({ connections: 64, inFlight: 1, calls: 64, payload: (n) => n * 122 }),
  },
  {
    name: "64 connections, 1,000 calls in flight",
    sizes: extremes,
    load: () => ({ connections: 64, inFlight: 1000, calls: 1000, payload: (n) => (n * 37) % 3000 }),
  },
  {
    name: "16 MiB in one call",
    sizes: extremes,
    load: () => ({ connections: 1, inFlight: 1, calls: 1, payload: () => 16 * mebibyte }),
  },
];

/** More than sockets hold in both directions at once. */
const heavyLoads: readonly { readonly name: string; readonly load: Load }[] = [
  {
    name: "1 connection, 1,000 calls of 64 KiB in flight",
    load: { connections: 1, inFlight: 1000, calls: 1500, payload: (n) => 64 * 1024 - (n % 9) },
  },
  {
    name: "64 connections, 1,000 calls of 64 KiB in flight",
    load: { connections: 64, inFlight: 1000, calls: 1500, payload: (n) => 64 * 1024 - (n % 9) },
  },
  {
    name: "4 connections, 8 calls of 16 MiB in flight",
    load: { connections: 4, inFlight: 8, calls: 8, payload: (n) => 16 * mebibyte - n },
  },
];

await using kdc = await startKdc("127.0.0.91", "MATRIX.TEST");
process.env.KRB5_CONFIG = kdc.kerberosConfiguration;
const mechanisms = [ntlm, kerberosOf(kdc)];
const all = combinations(mechanisms, fragments);

for (const { name, sizes, load } of loads) {
  await check(name, async () => {
    const findings: string[] = [];
    let count = 0;
    for (const [client, served] of sizes) {
      await using server = await matrixServer(mechanisms, served);
      for (const combination of all.filter(({ fragment }) => fragment === client)) {
        count++;
        await run(server.binding, combination, load(Math.min(client, served))).catch(
          (error: unknown) => findings.push(`${combination.name}, ${served}: ${String(error)}`),
        );
      }
      findings.push(...server.errors.map((error) => `the server: ${String(error)}`));
    }
    expectNone(findings);
    return `${count} combinations`;
  });
}

for (const { name, load } of heavyLoads) {
  await check(name, async () => {
    const chosen = all.filter(
      ({ name, fragment }) =>
        fragment !== 5840 && /^(?:unprot|ntlm privacy|kerberos privacy).*ndr little/.test(name),
    );
    for (const combination of chosen) {
      await using server = await matrixServer(mechanisms, combination.fragment);
      await run(server.binding, combination, load);
      expectNone(server.errors.map(String));
    }
    return `${chosen.length} combinations`;
  });
}

function kerberosOf({ addUser, addService }: Kdc): MatrixMechanism {
  const [principal, password, target] = ["alice", "Passw0rd.2", "host/server.matrix.test"];
  addUser(principal, password);
  const keytab = addService(target);
  return {
    name: "kerberos",
    client: kerberosClient({ principal, password }, { target }),
    server: kerberosServer({ keytab }),
  };
}
