// A storage of checkpoints in a directory, which does what the test says before it does what it is asked for.
import type { CheckpointWriter, CompletedCheckpoint, KeyedStateHandle, StoredFile } from '../../lib/api/checkpoint.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';

/** Called first; what it throws is what the call throws. */
export type Disturbance = (checkpointId: number) => void | Promise<void>;

export class DisturbedStorage extends FileSystemCheckpointStorage {
  beforeBegin: Disturbance | undefined;
  beforeUpload: Disturbance | undefined;
  beforeComplete: Disturbance | undefined;
  beforeDownload: Disturbance | undefined;
  /** Of checkpoints that were begun. */
  readonly begun: number[] = [];
  readonly completed: number[] = [];
  readonly aborted: number[] = [];

  override async begin(checkpointId: number): Promise<CheckpointWriter> {
    await this.beforeBegin?.(checkpointId);
    const writer = await super.begin(checkpointId);
    this.begun.push(checkpointId);
    return {
      checkpointId,
      upload: async (path, options) => {
        await this.beforeUpload?.(checkpointId);
        return writer.upload(path, options);
      },
      reuse: (file) => writer.reuse(file),
      complete: async (handles, attachment): Promise<CompletedCheckpoint> => {
        await this.beforeComplete?.(checkpointId);
        const complete = await writer.complete(handles, attachment);
        this.completed.push(checkpointId);
        return complete;
      },
      abort: () => {
        this.aborted.push(checkpointId);
        return writer.abort();
      },
    };
  }

  override async download(
    handle: KeyedStateHandle,
    file: StoredFile,
    path: string,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.beforeDownload?.(handle.checkpointId);
    return super.download(handle, file, path, signal);
  }
}
