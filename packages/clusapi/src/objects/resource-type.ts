/** A type of resources: what the cluster knows to do with them. */
import { ResourceTypeEnum } from "@msrpc/ms-cmrp";
import type { ClusterHandle } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import type { CallOptions } from "@msrpc/rpc";
import { control, type ControlOptions } from "../properties/control.ts";
import { PropertyBag } from "../properties/bag.ts";
import type { ResourceTypeProperties } from "../properties/known.ts";
import { clusterKind, type ControlledKind, type ObjectKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import { namesIn } from "./names.ts";

/** For `events({ of })`: it is watched by its name, without a handle. */
const watchedKind: ObjectKind<ContextHandle> = {
  noun: "resource type",
  open: (api, _name, desiredAccess) => api.openClusterEx({ desiredAccess }),
};

export class ResourceType {
  readonly kind: ObjectKind<ContextHandle> = watchedKind;
  /** It has no other ID, and never another name. */
  readonly name: string;
  /** Properties that all types have. */
  readonly common: PropertyBag<ResourceTypeProperties>;
  /** Properties of this type, which hold for all its resources. */
  readonly private: PropertyBag<unknown>;
  readonly #session: Session;
  readonly #controlled: ControlledKind<ClusterHandle>;

  constructor(session: Session, name: string) {
    this.#session = session;
    this.name = name;
    const kind: ControlledKind<ClusterHandle> = {
      ...clusterKind,
      controlObject: 2,
      control: (api, cluster, request, options) =>
        api.resourceTypeControl({ cluster, resourceTypeName: name, ...request }, options),
      controlOn: (api, cluster, node, request, options) =>
        api.nodeResourceTypeControl({ cluster, node, resourceTypeName: name, ...request }, options),
    };
    this.#controlled = kind;
    this.common = new PropertyBag(session, kind, () => "", "common", String(this));
    this.private = new PropertyBag(session, kind, () => "", "private", String(this));
  }

  /** `resource type "Physical Disk"`. */
  toString(): string {
    return `resource type "${this.name}"`;
  }

  /** Runs a control code, as on other objects. @throws ClusterError ERROR_INVALID_FUNCTION for one that types don't have */
  async control(
    controlCode: number,
    input: Uint8Array | null = null,
    options?: ControlOptions,
  ): Promise<Uint8Array> {
    return await control(this.#session, this.#controlled, "", controlCode, input, options);
  }

  /** Names of the nodes that may host resources of it. */
  async possibleOwners(options?: CallOptions): Promise<readonly string[]> {
    const request = { typeName: this.name, type: ResourceTypeEnum.Nodes };
    const { returnEnum } = await this.#session.call(String(this), (api) =>
      api.createResTypeEnum(request, options),
    );
    return namesIn(returnEnum);
  }

  /** Deletes it, when no resource is of it. */
  async delete(options?: CallOptions): Promise<void> {
    await this.#session.call(String(this), (api) =>
      api.deleteResourceType({ typeName: this.name }, options),
    );
  }
}
