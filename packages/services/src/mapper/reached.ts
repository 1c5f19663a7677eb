/** Addresses in towers, as a client sees them: it is told where it has reached the mapper. */
import { type Floor, isIpv4 } from "../tower/floor.ts";
import type { ProtocolTower } from "../tower/tower.ts";
import type { StoredEntry } from "./endpoint-map.ts";

/** No address, one that stands for all, or a name, which may. */
export function isAnyAddress(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || (!isIpv4(host) && !host.includes(":"));
}

/**
 * The tower of an entry for a client. Where any address would do, it is the one that the client has reached; for an
 * IPv6 address there is no form.
 */
export function towerForClient({ tower, host }: StoredEntry, reached: string): ProtocolTower {
  const address = ipv4Of(reached);
  return isAnyAddress(host) && isIpv4(address) ? withAddress(tower, address) : tower;
}

/** What a client may mean by a tower: that one, or one without an address, which it has seen with its own. */
export function towersMeant(tower: ProtocolTower, reached: string): ProtocolTower[] {
  const isOwn = tower.floors.some(
    (floor) => floor.protocol === "ip" && floor.address === ipv4Of(reached),
  );
  return isOwn ? [tower, withAddress(tower, "0.0.0.0")] : [tower];
}

/** Who came over no network is on this machine. */
function ipv4Of(reached: string): string {
  return reached === "" ? "127.0.0.1" : reached;
}

function withAddress(tower: ProtocolTower, address: string): ProtocolTower {
  const floors = tower.floors.map((floor): Floor =>
    floor.protocol === "ip" ? { protocol: "ip", address } : floor,
  );
  return { ...tower, floors };
}
