// The walk of every snapshot: captured → files stored → metadata, last. What fails leaves nothing behind.
import type {
  CheckpointStorage,
  CheckpointWriter,
  KeyedStateHandle,
  ProgressListener,
  SnapshotInProgress,
  StoredFile,
} from '../api/checkpoint.ts';
import { CheckpointError } from '../errors.ts';
import { inProgress } from './in-progress.ts';

/** What a handle says beside the files. */
export type SnapshotDescription = Omit<KeyedStateHandle, 'location' | 'files' | 'sizeBytes' | 'checkpointedSizeBytes'>;

/** What every kind of snapshot is given. */
export interface SnapshotRequest {
  /** A storage, in which the snapshot is a checkpoint of its own, or a checkpoint that it is a part of. */
  readonly target: CheckpointStorage | CheckpointWriter;
  readonly description: SnapshotDescription;
  /** For files on the way to the storage; removed afterwards. It does not exist yet. */
  readonly workDirectory: string;
  /** Ends the work between pieces. */
  readonly signal: AbortSignal;
  readonly onProgress: ProgressListener | undefined;
}

/** The files of a snapshot. */
export interface StoredFiles {
  readonly files: readonly StoredFile[];
  /** Bytes that were written; the rest is taken over from earlier checkpoints. */
  readonly writtenBytes: number;
}

/** What differs between kinds of snapshots. */
export interface SnapshotSteps {
  /** Settles when the state is captured. */
  readonly captured: Promise<void>;
  /** Stores the files. */
  readonly store: (writer: CheckpointWriter) => Promise<StoredFiles>;
  /** Told of the outcome of a checkpoint of its own. */
  readonly ended?: (completed: boolean) => void;
  /** Gives back what the capture holds, whatever happened. */
  readonly release: () => Promise<void>;
}

/** Begins a snapshot. `completed` fails with a `CheckpointError`. */
export function beginSnapshot(request: SnapshotRequest, steps: SnapshotSteps): SnapshotInProgress {
  const { captured } = steps;
  const completed = captured
    .then(() => complete(request, steps))
    .catch((cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(`Checkpoint ${request.description.checkpointId} failed: ${reason}`, { cause });
    })
    .finally(steps.release);
  return inProgress(captured, completed);
}

async function complete(request: SnapshotRequest, steps: SnapshotSteps): Promise<KeyedStateHandle> {
  const { target } = request;
  if (isWriter(target)) {
    return store(target, request, steps);
  }
  try {
    request.signal.throwIfAborted();
    const writer = await target.begin(request.description.checkpointId);
    try {
      const stored = await store(writer, request, steps);
      const { handles } = await writer.complete([stored]);
      steps.ended?.(true);
      return handles[0] as KeyedStateHandle;
    } catch (error) {
      // Where what was stored can't be removed, it is garbage: what went wrong first is to be told.
      await (async () => writer.abort())().catch(() => {});
      throw error;
    }
  } catch (error) {
    steps.ended?.(false);
    throw error;
  }
}

async function store(
  writer: CheckpointWriter,
  { description, signal }: SnapshotRequest,
  steps: SnapshotSteps,
): Promise<KeyedStateHandle> {
  const { files, writtenBytes } = await steps.store(writer);
  signal.throwIfAborted();
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  // The location is known when the checkpoint is complete.
  return { ...description, location: '', files, sizeBytes, checkpointedSizeBytes: writtenBytes };
}

function isWriter(target: CheckpointStorage | CheckpointWriter): target is CheckpointWriter {
  return 'complete' in target;
}
