/** Networks, and the interfaces of nodes to them. */
import { NetInterfaceState, NetworkEnum, NetworkState } from "@msrpc/ms-cmrp";
import type { NetInterfaceHandle, NetworkHandle } from "@msrpc/ms-cmrp/clusapi3";
import type { CallOptions } from "@msrpc/rpc";
import { netInterfaceKind, networkKind } from "../session/kinds.ts";
import type { NetInterfaceProperties, NetworkProperties } from "../properties/known.ts";
import type { Session } from "../session/session.ts";
import { ClusterObject } from "./cluster-object.ts";
import { namesIn } from "./names.ts";
import { type NameOf, nameOf } from "./state-name.ts";

export class Network extends ClusterObject<NetworkHandle, NetworkProperties> {
  constructor(session: Session, name: string) {
    super(session, networkKind, name);
  }

  async id(options?: CallOptions): Promise<string> {
    return (await this.use((api, network) => api.getNetworkId({ network }, options))).id ?? "";
  }

  async state(options?: CallOptions): Promise<NameOf<typeof NetworkState>> {
    const { state } = await this.use((api, network) => api.getNetworkState({ network }, options));
    return nameOf(NetworkState, state);
  }

  /** The interfaces of nodes to it. */
  async *netInterfaces(options?: CallOptions): AsyncGenerator<NetInterface, void> {
    const { returnEnum } = await this.use((api, network) =>
      api.createNetworkEnum({ network, type: NetworkEnum.NetInterfaces }, options),
    );
    for (const name of namesIn(returnEnum)) yield new NetInterface(this.session, name);
  }

  async rename(to: string, options?: CallOptions): Promise<void> {
    await this.renameBy(
      (api, network) => api.setNetworkName({ network, networkName: to }, options),
      to,
    );
  }
}

export class NetInterface extends ClusterObject<NetInterfaceHandle, NetInterfaceProperties> {
  constructor(session: Session, name: string) {
    super(session, netInterfaceKind, name);
  }

  async id(options?: CallOptions): Promise<string> {
    const { id } = await this.use((api, netInterface) =>
      api.getNetInterfaceId({ netInterface }, options),
    );
    return id ?? "";
  }

  async state(options?: CallOptions): Promise<NameOf<typeof NetInterfaceState>> {
    const { state } = await this.use((api, netInterface) =>
      api.getNetInterfaceState({ netInterface }, options),
    );
    return nameOf(NetInterfaceState, state);
  }
}
