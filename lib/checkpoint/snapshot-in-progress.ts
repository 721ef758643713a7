// The walk of every snapshot: captured → files stored → metadata, last. What fails leaves nothing behind.
import type {
  CheckpointStorage,
  CheckpointWriter,
  KeyedStateHandle,
  SnapshotInProgress,
  StoredFile,
} from '../api/checkpoint.ts';
import { CheckpointError } from '../errors.ts';

/** What a handle says beside the files. */
export type SnapshotDescription = Omit<KeyedStateHandle, 'location' | 'files' | 'sizeBytes'>;

/** What every kind of snapshot is given. */
export interface SnapshotRequest {
  readonly storage: CheckpointStorage;
  readonly description: SnapshotDescription;
  /** For files on the way to the storage; removed afterwards. It does not exist yet. */
  readonly workDirectory: string;
  /** Ends the work between pieces. */
  readonly signal: AbortSignal;
}

/** What differs between kinds of snapshots. */
export interface SnapshotSteps {
  /** Settles when the state is captured. */
  readonly captured: Promise<void>;
  /** Stores the files. */
  readonly store: (writer: CheckpointWriter) => Promise<readonly StoredFile[]>;
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
  // Whoever awaits only one of the promises is told by that one.
  captured.catch(() => {});
  completed.catch(() => {});
  return {
    captured,
    completed,
    // biome-ignore lint/suspicious/noThenProperty: a snapshot is awaited for its handle.
    then: (onFulfilled, onRejected) => completed.then(onFulfilled, onRejected),
  };
}

async function complete(request: SnapshotRequest, steps: SnapshotSteps): Promise<KeyedStateHandle> {
  const { storage, description, signal } = request;
  const writer = await storage.begin(description.checkpointId);
  try {
    const files = await steps.store(writer);
    signal.throwIfAborted();
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return await writer.complete({ ...description, files, sizeBytes });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
