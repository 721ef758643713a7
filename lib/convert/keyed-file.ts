// Writes the keyed state of a subtask as a file in the canonical format.
import { open } from 'node:fs/promises';
import type { KeyGroupRange } from '../api/checkpoint.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { KeyGroupWriter } from '../checkpoint/key-group-writer.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import { writeKeyedHeader } from '../savepoint/keyed-header.ts';
import { type KeyedSource, rowsOf } from './keyed-source.ts';

/** What is written. */
export interface KeyedFile {
  readonly source: KeyedSource;
  readonly range: KeyGroupRange;
  readonly compress: boolean;
}

/** What was written. */
export interface WrittenKeyedFile {
  /** Where each key group of the range begins; 0 for one without rows. */
  readonly offsets: readonly number[];
  readonly sizeBytes: number;
  readonly rows: number;
}

export async function writeKeyedFile(path: string, { source, range, compress }: KeyedFile): Promise<WrittenKeyedFile> {
  await using file = await open(path, 'wx');
  const prefixBytes = keyGroupPrefixBytes(source.maxParallelism);
  const writer = new KeyGroupWriter(file, { prefixBytes, compress });
  const header = new DataOutput();
  writeKeyedHeader({ compressed: compress, key: source.key, states: source.states }, header);
  await writer.writeHeader(header.copy());
  const offsets: number[] = new Array(range.end - range.start + 1).fill(0);
  let keyGroup: number | undefined;
  let rows = 0;
  for await (const row of rowsOf(source, range)) {
    if (row.keyGroup !== keyGroup) {
      if (keyGroup !== undefined) {
        await writer.endKeyGroup();
      }
      keyGroup = row.keyGroup;
      offsets[keyGroup - range.start] = await writer.beginKeyGroup();
    }
    writer.writeRow(row);
    rows++;
    if (writer.isFull) {
      await writer.flush();
    }
  }
  if (keyGroup !== undefined) {
    await writer.endKeyGroup();
  }
  await writer.flush();
  await file.sync();
  return { offsets, sizeBytes: writer.sizeBytes, rows };
}
