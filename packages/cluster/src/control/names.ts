/** The names of computers that resources stand for ([MS-CMRP] 3.1.4.3.1.30, 3.1.4.3.1.32), and the domain that they are in. */
import { Format, textOf } from "@msrpc/cluster-data";
import type { Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { currentValue, scopeOf } from "../property/scope.ts";
import { fold, valueOf } from "../registry/key.ts";
import { traitsOf } from "./traits.ts";

/** The value of the root that has the domain. */
export const domainValue = "DnsSuffix";

const netBiosLength = 15;

function domainOf({ registry }: ClusterState): string {
  const value = valueOf(registry, domainValue);
  return value === undefined ? "" : (textOf(value) ?? "");
}

function qualified(name: string, domain: string): string {
  return domain === "" ? name : `${name}.${domain}`;
}

/** A name without a dot where no domain was set. */
export function clusterFqdn(state: ClusterState): string {
  return qualified(state.name, domainOf(state));
}

/** Whether a resource stands for the name of the cluster itself. */
export function isPrimaryName({ type, isCore }: Resource): boolean {
  return isCore === 1 && traitsOf(type).hasName;
}

function setting(state: ClusterState, resource: Resource, name: string): string {
  const scope = scopeOf(state, { kind: "resource", object: resource }, "private");
  const definition = scope.schema.get(fold(name));
  const value = definition === undefined ? null : currentValue(scope, definition);
  return value?.format === Format.Sz ? value.text : "";
}

function ownName(state: ClusterState, resource: Resource): string {
  return isPrimaryName(resource) ? state.name : resource.name;
}

export function netBiosName(state: ClusterState, resource: Resource): string {
  const name = setting(state, resource, "Name") || ownName(state, resource);
  return name.slice(0, netBiosLength).toUpperCase();
}

export function dnsName(state: ClusterState, resource: Resource): string {
  const name =
    setting(state, resource, "DnsName") ||
    setting(state, resource, "Name") ||
    ownName(state, resource);
  return qualified(name, setting(state, resource, "DnsSuffix") || domainOf(state));
}
