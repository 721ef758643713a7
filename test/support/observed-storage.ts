// A checkpoint storage whose uploads go through the test.
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
        complete: (handles) => writer.complete(handles),
        abort: () => writer.abort(),
      };
    },
    download: (...args) => storage.download(...args),
  };
}
