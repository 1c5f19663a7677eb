// Checks against what others wrote: their decoders, their IDL, their tools, a browser, an empty project.
//
//   pnpm interop             every group
//   pnpm interop ndrdump     groups by name
//
// Each group is a program of its own with a limit on its time; it installs the Debian packages that it drives.
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

/**
 * In order, with limits in seconds: for a slow machine that installs each group's packages first. All together take
 * about eleven minutes where they are there.
 */
const groups: readonly (readonly [name: string, title: string, seconds: number])[] = [
  ["ndrdump", "Samba's ndrdump reads what we write", 360],
  ["samba-codec", "Samba's own codec and ours give the same bytes", 480],
  ["python-samba", "Structures that python3-samba packs", 300],
  ["real-world-idl", "IDL files that others wrote", 360],
  ["generated-idl", "TypeScript from IDL files that others wrote", 900],
  ["published-idl", "Published IDL and Samba's modules give the same bytes", 300],
  ["samba-idl", "Samba's own IDL, in its own dialect", 300],
  ["dcom", "Calls and references of DCOM objects against impacket's and Wireshark's", 240],
  ["rpc", "Calls over TCP to Samba's servers, and from impacket", 420],
  ["echo", "Samba's codec and smbtorture against our rpcecho", 240],
  ["matrix", "Calls between our client and our server in every combination", 900],
  ["capture", "Wireshark reads captures of our client and server", 420],
  ["tools", "Samba's traffic recorded, decoded as Wireshark does, and replayed", 420],
  ["wine", "Wine's RPC runtime, as client and as server", 420],
  ["endpoint-mapper", "Samba's endpoint mapper for us, and ours for Samba and impacket", 300],
  ["conformance", "Samba's suite of hand-made PDUs against our server", 600],
  ["soak", "A minute of 256 connections: memory stays, no handle is left", 300],
  ["cluster", "Samba's clients manage a cluster, also one that was killed", 420],
  ["crash", "A cluster that is killed 200 times loses nothing", 900],
  ["hostile", "A million damaged PDU streams", 900],
  ["auth", "NTLM, SPNEGO and security descriptors against Samba and impacket", 300],
  ["kerberos", "Kerberos with MIT's KDC and in a domain of Samba's", 480],
  ["clusctl", "clusctl with Kerberos, and in the shells that complete it", 420],
  ["protocols", "Bindings of other protocols against Samba's servers", 420],
  ["guide", "A new protocol in ten minutes, as the guide says", 420],
  ["host-services", "Registry and services of ours for impacket and Samba", 240],
  ["fuzz", "A million damaged stubs", 240],
  ["browser", "Compiler and codecs in a browser", 420],
  ["packages", "Packed, installed and used elsewhere", 600],
];

/** Types are stripped for the browser by a function that Node still warns about. */
const nodeOptions = ["--conditions=source", "--disable-warning=ExperimentalWarning"];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => groups.every(([group]) => group !== name));
if (unknown.length > 0) {
  console.error(
    `No such group: ${unknown.join(", ")}. There are: ${groups.map(([n]) => n).join(", ")}`,
  );
  process.exit(2);
}

const failed: string[] = [];
const start = performance.now();
const chosen = groups.filter(([name]) => wanted.length === 0 || wanted.includes(name));
for (const [name, title, seconds] of chosen) {
  console.log(`\n${title}`);
  const file = new URL(`../test/interop/${name}.ts`, import.meta.url).pathname;
  const { status, error } = spawnSync(process.execPath, [...nodeOptions, file], {
    stdio: "inherit",
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
  });
  if (error) console.log(`FAILED  ${name}: not done in ${seconds} s`);
  if (status !== 0) failed.push(name);
}

const minutes = ((performance.now() - start) / 60_000).toFixed(1);
console.log(
  failed.length === 0
    ? `\nAll ${chosen.length} groups passed in ${minutes} minutes.`
    : `\n${failed.length} of ${chosen.length} groups failed in ${minutes} minutes: ${failed.join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
