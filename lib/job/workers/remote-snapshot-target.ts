// Where a worker stores the state of its subtasks: the job's own thread has the storage, and does it.

import type { CheckpointStorage, CheckpointWriter, StoredFile } from '../../api/checkpoint.ts';
import type { SavepointPart, SavepointWriter } from '../../api/savepoint.ts';
import { CheckpointError } from '../../errors.ts';
import type { SnapshotTarget } from '../runtime/executor.ts';
import type { MessageRpc } from './message-rpc.ts';

/** What a worker is told of a checkpoint or savepoint. Plain data. */
export type RemoteSnapshot =
  | { readonly kind: 'checkpoint'; readonly checkpointId: number }
  | {
      readonly kind: 'savepoint';
      readonly checkpointId: number;
      readonly directory: string;
      readonly compress: boolean;
    };

type PartWriter = (path: string) => Promise<SavepointPart>;

/** Makes the targets of a worker, and writes the parts that it has promised. */
export class RemoteSnapshotTargets {
  readonly #rpc: () => MessageRpc;
  readonly #worker: number;
  // Of files that the storage has not any more.
  readonly #missing = new Set<string>();
  readonly #parts = new Map<number, PartWriter>();
  #nextPart = 1;

  /** @param worker - the index of this worker. */
  constructor(rpc: () => MessageRpc, worker: number) {
    this.#rpc = rpc;
    this.#worker = worker;
  }

  targetOf(snapshot: RemoteSnapshot, signal: AbortSignal): SnapshotTarget {
    if (snapshot.kind === 'savepoint') {
      return { kind: 'savepoint', signal, writer: this.#savepointWriter(snapshot) };
    }
    const { checkpointId } = snapshot;
    const reused: StoredFile[] = [];
    return {
      ...{ kind: 'checkpoint', signal },
      writer: this.#checkpointWriter(checkpointId, reused),
      confirm: () => this.#confirm(checkpointId, reused.splice(0)),
    };
  }

  /** Writes a part of a savepoint, which the storage has given a path. */
  writePart(part: number, path: string): Promise<SavepointPart> {
    const write = this.#parts.get(part) as PartWriter;
    this.#parts.delete(part);
    return write(path);
  }

  // Whether a file can be used again is for the storage to say; it is asked when the others are stored.
  #checkpointWriter(checkpointId: number, reused: StoredFile[]): CheckpointWriter {
    const rpc = this.#rpc();
    return {
      checkpointId,
      upload: (localPath, { signal: _, ...options }) =>
        rpc.call<StoredFile>('upload', checkpointId, localPath, options),
      reuse: (file) => {
        if (this.#missing.has(file.path)) {
          return undefined;
        }
        reused.push(file);
        return file;
      },
      complete: () => Promise.reject(new CheckpointError('A worker does not complete checkpoints.')),
      abort: () => Promise.reject(new CheckpointError('A worker does not abort checkpoints.')),
    };
  }

  async #confirm(checkpointId: number, reused: readonly StoredFile[]): Promise<void> {
    const missing = reused.length === 0 ? [] : await this.#rpc().call<readonly string[]>('reuse', checkpointId, reused);
    for (const path of missing) {
      this.#missing.add(path);
    }
    if (missing.length > 0) {
      throw new CheckpointError(
        `Files of earlier checkpoints are missing: ${missing.join(', ')}. The next checkpoint stores them again.`,
      );
    }
  }

  #savepointWriter({ checkpointId, directory, compress }: RemoteSnapshot & { kind: 'savepoint' }): SavepointWriter {
    const rpc = this.#rpc();
    return {
      ...{ directory, compress },
      add: (write) => {
        const part = this.#nextPart++;
        this.#parts.set(part, write);
        return rpc.call<SavepointPart>('addPart', checkpointId, this.#worker, part);
      },
      addOperatorState: (state) => rpc.call<void>('addOperatorState', checkpointId, state),
      complete: () => Promise.reject(new CheckpointError('A worker does not complete savepoints.')),
      abort: () => Promise.reject(new CheckpointError('A worker does not abort savepoints.')),
    };
  }
}

/** The job's storage as a worker has it: it can read checkpoints. */
export function remoteStorage(rpc: MessageRpc): CheckpointStorage {
  return {
    begin: () => Promise.reject(new CheckpointError('A worker does not begin checkpoints.')),
    download: (handle, file, localPath) => rpc.call<void>('download', handle, file, localPath),
    protect: (checkpointId) => rpc.call<void>('protect', checkpointId),
  };
}
