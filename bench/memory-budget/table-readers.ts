// What open files take outside the cache, as RocksDB tells of a checkpoint's files.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RocksDB, SharedMemory } from '../../lib/rocksdb.ts';

const MEBIBYTE = 2 ** 20;

export interface TableReaders {
  readonly files: number;
  readonly bytesPerFile: number;
}

export async function tableReaderBytes(checkpoints: string): Promise<TableReaders> {
  const memory = new SharedMemory({ cacheBytes: 256 * MEBIBYTE, writeBufferBytes: 8 * MEBIBYTE });
  const defaults = { tableOptions: { cache_index_and_filter_blocks: true } };
  let files = 0;
  let bytes = 0;
  for (const name of await readdir(checkpoints)) {
    await using db = await RocksDB.open(join(checkpoints, name), { memory, defaults });
    files += (await db.liveFiles()).length;
    for (const columnFamily of db.columnFamilies) {
      bytes += Number(await db.property('rocksdb.estimate-table-readers-mem', { columnFamily }));
    }
  }
  return { files, bytesPerFile: Math.round(bytes / files) };
}
