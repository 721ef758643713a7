// Checkpoint storages whose uploads, or downloads, go through the test.
import type { CheckpointStorage, StoredFile } from '../../lib/api/checkpoint.ts';

/** `around` is given each upload, to carry it out when and as it likes. */
export function observeUploads(
  storage: CheckpointStorage,
  around: (upload: () => Promise<StoredFile>, name: string) => Promise<StoredFile>,
): CheckpointStorage {
  return {
    async begin(id) {
      const writer = await storage.begin(id);
      return {
        checkpointId: id,
        upload: (path, options) => around(() => writer.upload(path, options), options.name),
        reuse: (file) => writer.reuse(file),
        complete: (handles, attachment) => writer.complete(handles, attachment),
        abort: () => writer.abort(),
      };
    },
    download: (...args) => storage.download(...args),
  };
}

/** `around` is given each download, to carry it out when it likes. */
export function observeDownloads(
  storage: CheckpointStorage,
  around: (download: () => Promise<void>, name: string) => Promise<void>,
): CheckpointStorage {
  return {
    begin: (id) => storage.begin(id),
    download: (handle, file, path, signal) => around(() => storage.download(handle, file, path, signal), file.name),
  };
}
