/** Runs control codes: finds the answer, gives it as much room as it has, and undoes what it did where that isn't enough. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Cluster } from "../core/cluster.ts";
import type { Subject, SubjectKind } from "../property/subject.ts";
import { codeOf } from "./all-codes.ts";
import type { Answer, Answerer, Answers } from "./answer.ts";
import { clusterAnswers } from "./answers/cluster.ts";
import { groupSetAnswers } from "./answers/group-set.ts";
import { groupAnswers } from "./answers/group.ts";
import { netInterfaceAnswers, networkAnswers } from "./answers/network.ts";
import { nodeAnswers } from "./answers/node.ts";
import { resourceTypeAnswers } from "./answers/resource-type.ts";
import { resourceAnswers } from "./answers/resource.ts";
import { type ControlKind, modify } from "./code.ts";
import { type Machine, thisMachine } from "./machine.ts";

export const allAnswers: { readonly [K in SubjectKind]: Answers<K> } = {
  resource: resourceAnswers,
  resourceType: resourceTypeAnswers,
  group: groupAnswers,
  groupSet: groupSetAnswers,
  node: nodeAnswers,
  network: networkAnswers,
  netInterface: netInterfaceAnswers,
  cluster: clusterAnswers,
};

/** The access that a code needs. One that isn't known goes by its bit. */
export function accessFor(kind: ControlKind, value: number): "read" | "all" {
  return codeOf(kind, value)?.access ?? ((value & modify) === 0 ? "read" : "all");
}

export interface ControlRequest {
  readonly controlCode: number;
  readonly inBuffer: Uint8Array | null;
  readonly outBufferSize: number;
}

/** What a code answers; ERROR_RESOURCE_PROPERTIES_STORED where what it has set counts after a restart. */
export interface ControlResponse {
  readonly outBuffer: Uint8Array;
  readonly requiredSize: number;
  readonly returnValue: number;
}

/** In which version of the protocol a call came, and where it is answered. */
export interface ControlSurroundings {
  readonly version: number;
  readonly machine?: Machine;
}

/** @throws RpcError ERROR_INVALID_FUNCTION, ERROR_MORE_DATA with how much room it takes, and what the code throws */
export function control(
  cluster: Cluster,
  subject: Subject,
  { controlCode, inBuffer, outBufferSize: room }: ControlRequest,
  { version, machine = thisMachine }: ControlSurroundings,
): ControlResponse {
  const code = codeOf(subject.kind, controlCode);
  const answers = allAnswers[subject.kind] as Readonly<Record<string, Answerer<SubjectKind>>>;
  const answerer = code === undefined ? undefined : answers[code.name];
  if (code === undefined || answerer === undefined || code.since > version) {
    throw new RpcError(Status.ERROR_INVALID_FUNCTION);
  }
  const tooLarge = (given: Uint8Array): RpcError =>
    new RpcError(Status.ERROR_MORE_DATA, { response: { requiredSize: given.length } });
  const answer = cluster.run((tx): Answer => {
    const { object } = subject;
    const input = inBuffer ?? new Uint8Array(0);
    const given = answerer({
      tx,
      subject,
      object,
      input,
      room,
      version,
      machine,
    });
    if (given === null || given === "stored" || given.length <= room) return given;
    if (room === 0 && code.needsNoRoom && version >= 3) return null;
    if (code.staysDone) return given;
    throw tooLarge(given);
  });
  if (answer instanceof Uint8Array && answer.length > room) throw tooLarge(answer);
  return {
    outBuffer: answer === null || answer === "stored" ? new Uint8Array(0) : answer,
    requiredSize: 0,
    returnValue: answer === "stored" ? Status.ERROR_RESOURCE_PROPERTIES_STORED : 0,
  };
}
