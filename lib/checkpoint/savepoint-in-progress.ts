// The walk of every savepoint: captured → one file of key groups in the savepoint's directory → its metadata, last, when
// the savepoint has this backend alone. What fails leaves nothing behind.
import type { KeyGroupRange, StoredState } from '../api/checkpoint.ts';
import type { SavepointInProgress, SavepointPart, SavepointWriter } from '../api/savepoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { snapshotOf } from '../bytes/snapshots.ts';
import { CheckpointError } from '../errors.ts';
import { descriptionOf } from '../savepoint/described-state.ts';
import { writeKeyedHeader } from '../savepoint/keyed-header.ts';
import { SavepointDirectory } from '../savepoint/savepoint-directory.ts';
import { inProgress } from './in-progress.ts';

/** What every kind of savepoint is given. */
export interface SavepointRequest {
  /** A directory, of which the savepoint will be the only part, or a savepoint that it is a part of. */
  readonly target: string | SavepointWriter;
  readonly uid: string;
  readonly compress: boolean;
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  readonly keySerializer: TypeSerializer<unknown>;
  /** Rows name a state by its place here. */
  readonly states: readonly StoredState[];
  readonly signal: AbortSignal;
}

/** Where the key groups of a file are. */
export type WrittenFile = Pick<SavepointPart, 'offsets' | 'sizeBytes'>;

/** What differs between backends. */
export interface SavepointSteps {
  /** Settles when the state is captured. */
  readonly captured: Promise<void>;
  /** Writes a file that begins with a header, and syncs it. */
  readonly write: (path: string, header: Uint8Array, compress: boolean) => Promise<WrittenFile>;
  /** Gives back what the capture holds, whatever happened. */
  readonly release: () => void | Promise<void>;
}

/** Begins a savepoint. `completed` fails with a `CheckpointError`. */
export function beginSavepoint(request: SavepointRequest, steps: SavepointSteps): SavepointInProgress {
  const { captured } = steps;
  const completed = captured
    .then(() => complete(request, steps))
    .catch((cause) => {
      const { target, uid } = request;
      const directory = typeof target === 'string' ? target : target.directory;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(`The savepoint of '${uid}' at ${directory} failed: ${reason}`, { cause });
    })
    .finally(steps.release);
  return inProgress(captured, completed);
}

async function complete(request: SavepointRequest, steps: SavepointSteps): Promise<SavepointPart> {
  const { target, compress } = request;
  if (typeof target !== 'string') {
    return writePart(request, steps, target);
  }
  request.signal.throwIfAborted();
  const writer = await SavepointDirectory.begin(target, { compress });
  try {
    const part = await writePart(request, steps, writer);
    await writer.complete();
    return part;
  } catch (error) {
    // What can't be removed is in nobody's way: what went wrong first is to be told.
    await writer.abort().catch(() => {});
    throw error;
  }
}

function writePart(request: SavepointRequest, steps: SavepointSteps, writer: SavepointWriter): Promise<SavepointPart> {
  const { uid, maxParallelism, keyGroupRange, signal } = request;
  return writer.add(async (path) => {
    signal.throwIfAborted();
    const written = await steps.write(path, headerOf(request, writer.compress), writer.compress);
    signal.throwIfAborted();
    return { uid, maxParallelism, keyGroupRange, ...written };
  });
}

function headerOf({ keySerializer, states }: SavepointRequest, compressed: boolean): Uint8Array {
  const output = new DataOutput();
  writeKeyedHeader({ compressed, key: snapshotOf(keySerializer), states: states.map(descriptionOf) }, output);
  return output.copy();
}
