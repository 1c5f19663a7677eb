// Conversations that log on with NTLM and SPNEGO, build contexts by auth3 and alter_context, sign and seal: with damage
// anywhere in them.
import { ntlmClient, ntlmServer, spnegoClient, spnegoServer } from "@msrpc/auth";
import { transferSyntaxes } from "@msrpc/ndr";
import type { ClientSecurityProvider, SecurityContext } from "@msrpc/rpc";
import { encodePdu, type Pdu, type Verifier } from "@msrpc/rpc/pdu";
import { echo, echoServer, octetsOf, otherEcho } from "../../../packages/rpc/test/echo.ts";
import type { HostileOutcome, Random } from "../../../packages/rpc/test/support/hostile.ts";
import { alter, bind, propose, request, Wire } from "../../../packages/rpc/test/support/wire.ts";
import { alice, storeOf } from "../../support/accounts.ts";

const server = ntlmServer({
  accounts: storeOf([alice]),
  computerName: "SERVER",
});
const client = ntlmClient(alice);
const providers: readonly ClientSecurityProvider[] = [client, spnegoClient([client])];
const levels = [
  ["connect", 2],
  ["packet", 4],
  ["integrity", 5],
  ["privacy", 6],
] as const;
const { ndr } = transferSyntaxes;
const [trailerLength, headLength] = [8, 24];

/** One side of a conversation that goes on as long as it can. */
class Attacker {
  readonly #wire: Wire;
  readonly #random: Random;
  /** Number of the PDU that is damaged; the others are as they should be. */
  #untilDamage: number;
  #callId = 1;
  /** Calls that were answered. */
  answered = 0;

  constructor(wire: Wire, random: Random) {
    this.#wire = wire;
    this.#random = random;
    this.#untilDamage = random(9);
  }

  async run(): Promise<void> {
    await this.#send(bind({ proposals: [propose(0, echo, ndr)] }));
    const contexts = 1 + this.#random(3);
    for (let id = 1; id <= contexts && !this.#wire.ended; id++) await this.#logOn(id);
  }

  async #logOn(contextId: number): Promise<void> {
    const [name, level] = levels[this.#random(levels.length)] ?? levels[0];
    const provider = providers[this.#random(providers.length)] ?? client;
    const context = provider.createContext({ level: name, host: "server.example.test" });
    const flags = this.#random(2) === 0 ? 0x13 : 0x17;
    const trailer = { type: provider.authType, level, padLength: 0, contextId };
    try {
      let step = await context.step(null);
      while (step.token !== null) {
        const verifier = { ...trailer, token: step.token };
        const mayBeLast = step.complete && this.#random(2) === 0;
        const answer = await this.#send(
          mayBeLast ? this.#auth3(verifier) : this.#alter(verifier, flags),
        );
        if (step.complete) break;
        const token = answer?.type === "alter_context_resp" ? answer.verifier?.token : undefined;
        if (token === undefined) return;
        step = await context.step(Uint8Array.from(token));
      }
      if (level !== 2) await this.#call(context, trailer, flags === 0x17);
    } catch {
      // Its own mechanism refuses what the server says to damaged tokens.
    } finally {
      context.dispose?.();
    }
  }

  #auth3(verifier: Verifier): Pdu {
    return { type: "auth3", flags: 3, callId: this.#callId, littleEndian: true, verifier };
  }

  #alter(verifier: Verifier, flags: number): Pdu {
    const proposals = [propose(0, echo, ndr), propose(1, otherEcho, ndr)].slice(this.#random(2));
    return alter({ callId: ++this.#callId, flags, proposals, verifier });
  }

  async #call(
    context: SecurityContext,
    trailer: Omit<Verifier, "token">,
    signHeader: boolean,
  ): Promise<void> {
    const seals = trailer.level === 6;
    for (let calls = 1 + this.#random(3); calls > 0; calls--) {
      const body = Uint8Array.of(8, 0, 0, 0, ...octetsOf(8), 0, 0, 0, 0);
      const token = new Uint8Array(context.signatureLength(seals, body.length));
      const verifier = { ...trailer, padLength: 4, token };
      const octets = encodePdu(request({ callId: ++this.#callId, body, verifier })).slice();
      const end = octets.length - token.length;
      const bodyEnd = end - trailerLength;
      const pdu = { octets: octets.subarray(0, end), bodyStart: headLength, bodyEnd, signHeader };
      octets.set(seals ? context.seal(pdu) : context.sign(pdu), end);
      const answer = await this.#send(octets);
      if (answer?.type === "response") this.answered++;
    }
  }

  /** Gives the first answer. */
  async #send(pdu: Pdu | Uint8Array): Promise<Pdu | undefined> {
    const octets = pdu instanceof Uint8Array ? pdu : encodePdu(pdu).slice();
    const [answer] = await this.#wire.send(
      this.#untilDamage-- === 0 ? this.#damaged(octets) : octets,
    );
    return answer;
  }

  #damaged(octets: Uint8Array): Uint8Array {
    const random = this.#random;
    const place = random(octets.length);
    switch (random(5)) {
      case 0:
        return octets.slice(0, place);
      case 1:
        return Uint8Array.from([...octets, ...octets]);
      case 2:
        return octets.fill(random(256), place, place + random(16));
      default: {
        for (let changes = 1 + random(4); changes > 0; changes--) {
          const at = random(octets.length);
          octets[at] = (octets[at] ?? 0) ^ (1 << random(8));
        }
        return octets;
      }
    }
  }
}

/** So many conversations with one server, each on a new connection. */
export async function attackLogons(streams: number, random: Random): Promise<HostileOutcome> {
  const { router } = echoServer();
  const options = {
    security: [server, spnegoServer([server])],
    limits: { maxSecurityContexts: 3 },
  };
  const { host } = new Wire(router, options);
  const mistakes: unknown[] = [];
  let ended = 0;
  let answered = 0;
  for (let i = 0; i < streams; i++) {
    const wire = new Wire(router, {}, host);
    try {
      const attacker = new Attacker(wire, random);
      await attacker.run();
      answered += attacker.answered;
      wire.connection.closed();
    } catch (error) {
      mistakes.push(error);
    }
    if (wire.ended) ended++;
  }
  const left = [host.groups.size, host.stubs.held, host.securityContexts.complete];
  if (left.some((count) => count !== 0)) {
    mistakes.push(
      new Error(`groups, octets of stubs, security contexts that are left: ${left.join()}`),
    );
  }
  if (answered < streams) mistakes.push(new Error(`only ${answered} calls were answered`));
  return { answered, ended, survived: streams - ended, mistakes };
}
