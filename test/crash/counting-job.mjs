// A job that counts keys in a fixed order and takes a checkpoint every so often, until it is killed or done.
// Usage: counting-job.mjs CHECKPOINT_DIRECTORY LOCAL_DIRECTORY RECORDS
// Every other life has a cache of hot state.
// Prints "from POSITION" at its start and "done" at its end. It checks what it restores: a wrong count exits with 3.
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  Types,
  ValueStateDescriptor,
} from '../../dist/index.js';

const KEYS = 997;
const RECORDS_PER_CHECKPOINT = 2_000;

const [checkpoints, localDir, recordText] = process.argv.slice(2);
const records = Number(recordText);
const storage = new FileSystemCheckpointStorage(checkpoints);
const newest = await storage.latest();
const descriptor = new ValueStateDescriptor('count', Types.LONG);
const hotStateBytes = (newest?.checkpointId ?? 1) % 2 === 1 ? 64 * 1024 : 0;
const keyed = await new EmbeddedRocksDBStateBackend().setHotStateCacheSize(hotStateBytes).createKeyedStateBackend({
  keyType: Types.LONG,
  localDir,
  states: [descriptor],
  ...(newest && { restore: { storage, handle: newest } }),
});
const count = keyed.getState(descriptor);

// After n records, key k has been counted once for each i < n with i mod KEYS = k.
function verify(position) {
  for (let key = 0; key < KEYS; key++) {
    keyed.setCurrentKey(key);
    const expected = Math.floor((position + KEYS - 1 - key) / KEYS);
    if ((count.value() ?? 0) !== expected) {
      console.error(`key ${key} has ${count.value()} at position ${position}, expected ${expected}`);
      process.exit(3);
    }
  }
}

const start = newest?.attachment.position ?? 0;
let id = newest?.checkpointId ?? 0;
verify(start);
console.log(`from ${start}`);
let uploading = Promise.resolve();
for (let position = start; position < records; ) {
  keyed.setCurrentKey(position % KEYS);
  count.update((count.value() ?? 0) + 1);
  position++;
  if (position % RECORDS_PER_CHECKPOINT === 0) {
    await uploading;
    const snapshot = keyed.snapshot(++id, storage, { attachment: { position } });
    await snapshot.captured;
    uploading = snapshot.completed.then(() => storage.discard(id - 2));
  }
}
await uploading;
verify(records);
await keyed.close();
console.log('done');
