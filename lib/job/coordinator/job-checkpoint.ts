// What a job keeps with each of its checkpoints, as the attachment of the whole:
//
//   { format: "rockstate-job", version: 1, job: { name }, operators: [
//     { uid, name, parallelism, maxParallelism, subtasks: [
//       { backendId?, operatorState?: { bytes: base 64, states: [{ name, mode, offsets: […] }] } } ] } ] }
//
// The keyed state of a subtask is in the handle of the backend with its id.
import type { CompletedCheckpoint, JsonValue } from '../../api/checkpoint.ts';
import type { OperatorStateOffsets, OperatorStateSnapshot } from '../../api/operator-state.ts';
import { RestoreError } from '../../errors.ts';
import { JsonReader } from './json-reader.ts';

/** What one subtask has in a checkpoint. */
export interface SubtaskOfJob {
  /** Of its keyed backend, where it has one. */
  readonly backendId?: string | undefined;
  readonly operatorState?: OperatorStateSnapshot | undefined;
}

/** An operator in a checkpoint. */
export interface OperatorOfJob {
  readonly uid: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** As many as `parallelism` says, in order. */
  readonly subtasks: readonly SubtaskOfJob[];
}

/** The job that took a checkpoint, and its operators, those without state among them. */
export interface JobCheckpoint {
  readonly job: { readonly name: string };
  readonly operators: readonly OperatorOfJob[];
}

const FORMAT = 'rockstate-job';
const VERSION = 1;
const MODES = ['SPLIT_DISTRIBUTE', 'UNION', 'BROADCAST'] as const;

/** The attachment of a checkpoint. */
export function encodeJobCheckpoint({ job, operators }: JobCheckpoint): JsonValue {
  return {
    ...{ format: FORMAT, version: VERSION, job: { name: job.name } },
    operators: operators.map(({ uid, name, parallelism, maxParallelism, subtasks }) => ({
      ...{ uid, name, parallelism, maxParallelism },
      subtasks: subtasks.map(encodeSubtask),
    })),
  };
}

function encodeSubtask({ backendId, operatorState }: SubtaskOfJob): JsonValue {
  return {
    ...(backendId !== undefined && { backendId }),
    ...(operatorState !== undefined && { operatorState: encodeState(operatorState) }),
  };
}

function encodeState({ bytes, states }: OperatorStateSnapshot): JsonValue {
  return {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    states: states.map(({ name, mode, offsets }) => ({ name, mode, offsets })),
  };
}

/** @throws RestoreError when a job did not take the checkpoint, or its attachment does not fit what it has. */
export function decodeJobCheckpoint(checkpoint: CompletedCheckpoint): JobCheckpoint {
  const { checkpointId, location, attachment } = checkpoint;
  const which = `Checkpoint ${checkpointId} at ${location}`;
  if (attachment === undefined) {
    throw new RestoreError(`${which} was not taken by a job: nothing says whose state is in it.`);
  }
  const reader = new JsonReader(attachment, `What is attached to checkpoint ${checkpointId} at ${location}`);
  reader.member('format').oneOf([FORMAT]);
  reader.member('version').oneOf([VERSION]);
  const job = { name: reader.member('job').member('name').text() };
  const decoded = { job, operators: reader.member('operators').list(decodeOperator) };
  checkUids(decoded, which);
  checkHandles(decoded, checkpoint, which);
  return decoded;
}

function decodeOperator(reader: JsonReader): OperatorOfJob {
  const subtasks = reader.member('subtasks').list(decodeSubtask);
  return {
    uid: reader.member('uid').text(),
    name: reader.member('name').text(),
    parallelism: reader.member('parallelism').oneOf([subtasks.length]),
    maxParallelism: reader.member('maxParallelism').integer(1),
    subtasks,
  };
}

function decodeSubtask(reader: JsonReader): SubtaskOfJob {
  const backendId = reader.member('backendId').optional((id) => id.text());
  const operatorState = reader.member('operatorState').optional(decodeState);
  return { ...(backendId !== undefined && { backendId }), ...(operatorState !== undefined && { operatorState }) };
}

function decodeState(reader: JsonReader): OperatorStateSnapshot {
  return {
    bytes: reader.member('bytes').base64(),
    states: reader.member('states').list(
      (state): OperatorStateOffsets => ({
        name: state.member('name').text(),
        mode: state.member('mode').oneOf(MODES),
        offsets: state.member('offsets').list((offset) => offset.integer(0)),
      }),
    ),
  };
}

function checkUids({ operators }: JobCheckpoint, which: string): void {
  const uids = operators.map(({ uid }) => uid);
  const twice = uids.find((uid, index) => uids.indexOf(uid) !== index);
  if (twice !== undefined) {
    throw new RestoreError(`${which} has operator '${twice}' twice.`);
  }
}

// State must neither be missing nor be left behind without a word.
function checkHandles({ operators }: JobCheckpoint, { handles }: CompletedCheckpoint, which: string): void {
  const owners = new Map<string, string>();
  for (const { uid, subtasks } of operators) {
    for (const [index, { backendId }] of subtasks.entries()) {
      const owner = `subtask ${index} of '${uid}'`;
      if (backendId === undefined) {
        continue;
      }
      if (!handles.some((handle) => handle.backendId === backendId)) {
        throw new RestoreError(`${which} has no keyed state of backend ${backendId}, which is that of ${owner}.`);
      }
      if (owners.has(backendId)) {
        throw new RestoreError(
          `${which} says that backend ${backendId} is that of ${owners.get(backendId)} and ${owner}.`,
        );
      }
      owners.set(backendId, owner);
    }
  }
  const stray = handles.find(({ backendId }) => !owners.has(backendId));
  if (stray !== undefined) {
    throw new RestoreError(`${which} has keyed state of backend ${stray.backendId}, which is that of no operator.`);
  }
}
