// MS-DRSR: names, controllers, metadata, and an object as it is replicated.
import { drsuapi } from "@msrpc/ms-drsr";
import type { DrsHandle, Dsname } from "@msrpc/ms-drsr/drsuapi";
import { check, demand } from "../support/report.ts";
import { run } from "../support/command.ts";
import { clientOf, equal, found, rpcclient, same, sambaSays, type Server } from "./talk.ts";

const nil = "00000000-0000-0000-0000-000000000000";
/** NTDSAPI_CLIENT_GUID: of a client that is no controller. */
const clientDsa = "e24d201a-4fd6-11d1-a3da-0000f875ae0d";
/** Of [MS-DRSR] 5.39, for what is asked here. */
const clientFlags = 0x1fffffff & ~0x08000000;
const objectMetadata = 9;
const ntAccountName = 2;
const fullyQualifiedName = 1;
/** EXOP_REPL_OBJ: one object alone. */
const oneObject = 6;

interface Said {
  readonly extensions: number;
  readonly replicated: readonly (readonly [number, number])[];
  readonly metadata: readonly (readonly [string, number, number, string])[];
}

function extensionsOf(flags: number): { octets: Uint8Array } {
  const octets = new Uint8Array(28);
  new DataView(octets.buffer).setUint32(0, flags >>> 0, true);
  return { octets };
}

function nameOf(text: string): Dsname {
  const stringName = `${text}\0`;
  return { structLen: 56 + stringName.length * 2, sidLen: 0, guid: nil, sid: noSid, stringName };
}

const noSid = { data: new Uint8Array(28) };

export async function checkDrsuapi(server: Server, realm: string): Promise<void> {
  await using directory = clientOf(server, drsuapi);
  const [domain = ""] = realm.split(".");
  const root = realm
    .toLowerCase()
    .split(".")
    .map((part) => `DC=${part}`)
    .join(",");
  const administrator = `CN=Administrator,CN=Users,${root}`;
  const said = sambaSays(server, "drs", administrator) as Said;
  let drs: DrsHandle | null = null;

  await check("DRSUAPI: a binding", async () => {
    const bound = await directory.bind({ clientDsa, clientExtensions: extensionsOf(clientFlags) });
    drs = bound.drs;
    const octets = bound.serverExtensions?.octets ?? new Uint8Array();
    const flags = new DataView(octets.buffer, octets.byteOffset).getUint32(0, true);
    equal("extensions", flags, said.extensions);
    return `0x${flags.toString(16)}`;
  });
  if (drs === null) return;
  const handle: DrsHandle = drs;

  await check("DRSUAPI: a name in another form", async () => {
    const { reply } = await directory.crackNames({
      drs: handle,
      request: {
        type: 1,
        value: {
          codePage: 1252,
          localeId: 1033,
          flags: 0,
          formatOffered: ntAccountName,
          formatDesired: fullyQualifiedName,
          names: [`${domain}\\Administrator`, `${domain}\\nobody-at-all`],
        },
      },
    });
    const [item, missing] = reply.value.result?.items ?? [];
    const printed = rpcclient(server, `dscracknames ${domain}\\\\Administrator`);
    equal("name", item?.name, found(printed, /result_name: (.+)/)[0]);
    equal("domain", item?.domain, found(printed, /dns_domain_name: (.+)/)[0]);
    equal("name", item?.name, administrator);
    equal("status of a name that is not there", missing?.status, 2);
    return String(item?.name);
  });

  await check("DRSUAPI: the controllers of the domain", async () => {
    const { reply } = await directory.domainControllerInfo({
      drs: handle,
      request: { type: 1, value: { domain: realm.toLowerCase(), infoLevel: 2 } },
    });
    demand(reply.type === 2, "another level");
    const [controller] = reply.value.items ?? [];
    const printed = rpcclient(server, `dsgetdcinfo ${realm.toLowerCase()}`);
    equal("name", controller?.netbiosName, found(printed, /netbios_name:\s+(.+)/)[0]);
    equal("host", controller?.dnsHostName, found(printed, /dns_name:\s+(.+)/)[0]);
    equal("site", controller?.siteName, found(printed, /site_name:\s+(.+)/)[0]);
    equal("object", controller?.computerObjectName, found(printed, /computer_dn:\s+(.+)/)[0]);
    equal("server", controller?.serverObjectName, found(printed, /server_dn:\s+(.+)/)[0]);
    return String(controller?.dnsHostName);
  });

  await check("DRSUAPI: who changed an object's attributes", async () => {
    const { reply } = await directory.getReplInfo({
      drs: handle,
      request: {
        type: 1,
        value: { infoType: objectMetadata, objectDn: administrator, uuidSourceDsaObjGuid: nil },
      },
    });
    demand(reply.type === objectMetadata && reply.value !== null, "another kind");
    const ours = reply.value.metaData.map((each) =>
      [each.attributeName, each.version, each.usnOriginatingChange, each.lastOriginatingDsaDn].join(
        " ",
      ),
    );
    same(
      "attributes",
      ours,
      said.metadata.map((each) => each.join(" ")),
    );
    return `${ours.length} attributes`;
  });

  await check("DRSUAPI: an object as it is replicated", async () => {
    const { reply } = await directory.getNcChanges({
      drs: handle,
      request: {
        type: 8,
        value: {
          uuidDsaObjDest: nil,
          uuidInvocIdSrc: nil,
          nc: nameOf(administrator),
          usnvecFrom: { usnHighObjUpdate: 0n, usnReserved: 0n, usnHighPropUpdate: 0n },
          upToDateVecDest: null,
          flags: 0x30,
          maxObjectCount: 1,
          maxBytes: 0,
          extendedOp: oneObject,
          liFsmoInfo: { quadPart: 0n },
          partialAttrSet: null,
          partialAttrSetEx: null,
          prefixTableDest: { prefixEntry: null },
        },
      },
    });
    demand(reply.type === 6, `an answer of version ${reply.type}`);
    const { objects, numObjectCount } = reply.value;
    equal("objects", numObjectCount, 1);
    equal("name", objects?.entinf.name?.stringName.replace(/\0$/, ""), administrator);
    const versions = objects?.metaDataExt?.metaData ?? [];
    const ours = (objects?.entinf.attrBlock.attr ?? []).map(
      ({ attrTyp }, at) => `${attrTyp} ${versions[at]?.version}`,
    );
    same(
      "attributes",
      ours,
      said.replicated.map((each) => each.join(" ")),
    );
    return `${ours.length} attributes`;
  });

  await check("DRSUAPI: a service principal name, added and taken away", async () => {
    const account = `CN=alice,CN=Users,${root}`;
    const write = async (operation: number): Promise<number> => {
      const spns = [`http/web.${realm.toLowerCase()}`];
      const { reply } = await directory.writeSpn({
        drs: handle,
        request: { type: 1, value: { operation, flags: 0, account, spns } },
      });
      return reply.value.retVal;
    };
    const list = (): string => {
      const { user, password } = server.user;
      const where = ["-H", `ldap://${/127[\d.]+/.exec(server.binding)?.[0] ?? ""}`];
      const who = ["-U", `${user}%${password}`, "-s", server.configuration];
      return run("samba-tool", ["user", "show", "alice", ...where, ...who]);
    };
    equal("status", await write(0), 0);
    demand(list().includes(`http/web.${realm.toLowerCase()}`), "samba-tool doesn't show it");
    equal("status", await write(2), 0);
    demand(!list().includes("http/web."), "samba-tool still shows it");
    return "as samba-tool shows";
  });

  await check("DRSUAPI: the end of the binding", async () => {
    await directory.unbind({ drs: handle });
    return "";
  });
}
