// A client: a few calls to a server of rpcecho.
import { parseArgs } from "node:util";
import { ntlmClient, spnegoClient } from "@msrpc/auth";
import { kerberosClient } from "@msrpc/auth/kerberos";
import { type ClientSecurityProvider, createClient, parseBinding } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { resolveEndpoint } from "@msrpc/services";

export async function call(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { call: { type: "string" }, user: { type: "string" }, target: { type: "string" } },
  });
  const { call: binding, user, target } = values;
  if (binding === undefined) throw new TypeError("--call needs a binding");

  const security = credentials(binding, user, target);
  const transport = tcpTransport(binding, { resolveEndpoint, ...(security && { security }) });
  await using echo = createClient(rpcecho, transport, { timeout: 30_000 });
  const { sum } = await echo.addOne({ number: 1 });
  console.log(`1 and 1 is ${sum}`);
  const sent = Buffer.alloc(100_000, "octets ");
  const { data } = await echo.echoData({ data: sent });
  console.log(`${sent.length} octets came back ${sent.equals(data) ? "as sent" : "changed"}`);
  const said = await echo.testCall({ text: "Grüße" });
  console.log(`Grüße came back as ${said.echo}`);
}

/** What the binding's options ask for: `[135,ntlm,sign]`. The user is `EXAMPLE\alice%password`. */
function credentials(
  binding: string,
  account: string | undefined,
  target: string | undefined,
): ClientSecurityProvider | null {
  const options = new Set(parseBinding(binding).options.map(({ name }) => name));
  const wantsKerberos = options.has("krb5") || options.has("kerberos");
  const spn = target === undefined ? {} : { target };
  if (account === undefined) return wantsKerberos ? kerberosClient({}, spn) : null;
  const [, domain = "", user = "", password = process.env["PASSWD"]] =
    /^(?:([^\\%]*)\\)?([^%]*)(?:%(.*))?$/s.exec(account) ?? [];
  if (password === undefined) throw new TypeError("--user needs a password: NAME%PASSWORD");
  if (wantsKerberos) {
    return kerberosClient({ principal: domain ? `${user}@${domain}` : user, password }, spn);
  }
  const ntlm = ntlmClient({ user, domain, password });
  return options.has("ntlm") ? ntlm : spnegoClient([ntlm]);
}
