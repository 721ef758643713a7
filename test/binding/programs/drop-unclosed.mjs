// Drops native objects unclosed while only V8 decides when to collect garbage: what they hold must be reported to it, as
// the objects themselves are small. Arguments: a directory, a scenario.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { EmbeddedRocksDBStateBackend, ListStateDescriptor, Types } from '../../../dist/index.js';
import { RocksDB, SharedMemory } from '../../../dist/rocksdb.js';

const [directory, scenario] = process.argv.slice(2);
const MEBIBYTE = 1024 * 1024;

// Runs the rounds, of which each drops so many bytes; a third of what they come to must never be resident.
async function repeat(rounds, bytesPerRound, round) {
  const before = process.memoryUsage().rss;
  let most = 0;
  for (let i = 0; i < rounds; i++) {
    await round(i);
    await setImmediate();
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  if (most > (rounds * bytesPerRound) / 3) {
    throw new Error(`Memory grew by ${Math.round(most / MEBIBYTE)} MiB.`);
  }
}

const scenarios = {
  async values() {
    const backend = new EmbeddedRocksDBStateBackend().configure({
      'state.backend.rocksdb.memory.fixed-per-slot': '32mb',
    });
    const keyed = await backend.createKeyedStateBackend({ keyType: Types.INT, localDir: directory });
    const list = keyed.getListState(new ListStateDescriptor('list', Types.BYTES));
    keyed.setCurrentKey(1);
    const elementBytes = MEBIBYTE;
    const elements = 16;
    list.update(Array.from({ length: elements }, () => new Uint8Array(elementBytes)));
    await repeat(100, elements * elementBytes, () => {
      list[Symbol.iterator]().next();
    });
    await keyed.close();
  },

  async memories() {
    const cacheBytes = 32 * MEBIBYTE;
    const path = join(directory, 'db');
    const value = Buffer.alloc(64 * 1024, 'v');
    const open = () => RocksDB.open(path, { memory: new SharedMemory({ cacheBytes, writeBufferBytes: 4 * MEBIBYTE }) });
    const db = await open();
    for (let i = 0; i < cacheBytes / value.length; i++) {
      db.put(`key-${i}`, value);
    }
    await db.flush();
    await db.close();
    await repeat(30, cacheBytes, async () => {
      const reader = await open();
      // Brings every block into the cache, and next to nothing into JavaScript.
      Array.from(reader.scan({ keysOnly: true }));
      await reader.close();
    });
  },
};

await scenarios[scenario]();
console.log('bounded');
