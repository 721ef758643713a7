// A job that does little but checkpoint, incrementally, with several backends, until it is killed.
// Usage: checkpointing-job.mjs CHECKPOINT_DIRECTORY LOCAL_DIRECTORY
// Prints "from POSITION CHECKPOINT" when it has checked what it restored (a wrong count exits with 3), and then what it is
// about to do: "capture", "upload", "complete", "abort" or "write".
import { writeSync } from 'node:fs';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  keyGroupOf,
  keyGroupRangeOf,
  Types,
  ValueStateDescriptor,
} from '../../dist/index.js';

const KEYS = 97;
const RECORDS_PER_CHECKPOINT = 150;
const MAX_PARALLELISM = 10;

const [checkpoints, localDir] = process.argv.slice(2);
const storage = new FileSystemCheckpointStorage(checkpoints, { retained: 2 });
const newest = await storage.latestCheckpoint();
const descriptor = new ValueStateDescriptor('count', Types.INT);
// Another number of backends than before, most of the time.
const parallelism = 1 + ((newest?.checkpointId ?? 0) % 3);
const keyeds = await Promise.all(
  Array.from({ length: parallelism }, (_, index) =>
    new EmbeddedRocksDBStateBackend(true).createKeyedStateBackend({
      keyType: Types.INT,
      maxParallelism: MAX_PARALLELISM,
      keyGroupRange: keyGroupRangeOf(index, MAX_PARALLELISM, parallelism),
      localDir,
      states: [descriptor],
      ...(newest && { restore: { storage, handles: newest.handles } }),
    }),
  ),
);
const counts = keyeds.map((keyed) => keyed.getState(descriptor));
const owners = Array.from({ length: KEYS }, (_, key) => {
  const keyGroup = keyGroupOf(Types.INT.hashCode(key), MAX_PARALLELISM);
  return keyeds.findIndex(({ keyGroupRange: { start, end } }) => start <= keyGroup && keyGroup <= end);
});

function countOf(key) {
  keyeds[owners[key]].setCurrentKey(key);
  return counts[owners[key]];
}

function say(what) {
  writeSync(1, `${what}\n`);
}

let position = newest?.handles[0].attachment.position ?? 0;
let id = newest?.checkpointId ?? 0;
// After n records, key k has been counted once for each i < n with i mod KEYS = k.
for (let key = 0; key < KEYS; key++) {
  const expected = Math.floor((position + KEYS - 1 - key) / KEYS);
  const found = countOf(key).value() ?? 0;
  if (found !== expected) {
    console.error(`key ${key} has ${found} at position ${position}, expected ${expected}`);
    process.exit(3);
  }
}
say(`from ${position} ${id}`);

function write() {
  for (let record = 0; record < RECORDS_PER_CHECKPOINT; record++) {
    const count = countOf(position % KEYS);
    count.update((count.value() ?? 0) + 1);
    position++;
  }
}

write();
for (;;) {
  id++;
  const checkpoint = await storage.begin(id);
  say('capture');
  const snapshots = keyeds.map((keyed) => keyed.snapshot(id, checkpoint, { attachment: { position } }));
  await Promise.all(snapshots.map(({ captured }) => captured));
  say('upload');
  // Belongs to the next checkpoint, while this one is stored.
  write();
  if (id % 7 === 0) {
    say('abort');
    await checkpoint.abort();
    await Promise.allSettled(snapshots);
    for (const keyed of keyeds) {
      keyed.notifyCheckpointAborted(id);
    }
    continue;
  }
  const handles = await Promise.all(snapshots);
  say('complete');
  await checkpoint.complete(handles);
  if (id % 5 !== 0) {
    for (const keyed of keyeds) {
      keyed.notifyCheckpointComplete(id);
    }
  }
}
