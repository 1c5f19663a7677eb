/** Registering with an endpoint mapper elsewhere (ept_insert, ept_delete). */
import { type Entry, epm } from "@msrpc/dce-rpc/epm";
import type { InterfaceId } from "@msrpc/rpc";
import { entriesFor, type RegisterOptions } from "../mapper/entries.ts";
import { encodeTower } from "../tower/tower.ts";
import { connectService, type ServiceOptions, type ServiceTarget } from "./connect.ts";

export interface RemoteRegistration extends RegisterOptions, ServiceOptions {
  /** Take the place of entries that differ in the endpoint alone, as a server that starts anew has to. Default: true. */
  readonly replace?: boolean;
}

/**
 * Registers interfaces at the endpoints that string bindings name; what it gives deletes them again. Windows' and
 * Samba's mappers take registrations from their own machine alone, and not by this interface.
 *
 * @throws RpcError EPT_S_CANT_PERFORM_OP where the mapper takes none from here; RpcFault nca_s_op_rng_error where it
 * has no such operation; as `EndpointMap.register`
 */
export async function registerEndpoints(
  target: ServiceTarget,
  interfaces: Iterable<InterfaceId>,
  bindings: Iterable<string>,
  options: RemoteRegistration = {},
): Promise<AsyncDisposable> {
  // What is said of the entries is no option of the connection.
  const { replace = true, annotation: _annotation, objects: _objects, ...reach } = options;
  const entries = entriesFor(interfaces, bindings, options).map(
    ({ object, tower, annotation }): Entry => {
      return { object, tower: { octets: encodeTower(tower) }, annotation };
    },
  );
  await using service = connectService(epm, target, reach);
  await service.client.insert({ entries, replace: replace ? 1 : 0 }, reach);
  let isRegistered = true;
  return {
    async [Symbol.asyncDispose]() {
      if (!isRegistered) return;
      isRegistered = false;
      await using again = connectService(epm, target, reach);
      await again.client.delete_({ entries });
    },
  };
}
