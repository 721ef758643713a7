import { describe, expect, it } from 'vitest';
import type { KeyGroupRange } from '../../lib/api/checkpoint.ts';
import { firstKeyOf } from '../../lib/keys/composite-key.ts';
import { clipDatabase } from '../../lib/restore/clip.ts';
import { withDb } from '../support/with-db.ts';

const ROWS = 100;

interface Case {
  readonly maxParallelism: number;
  readonly held: KeyGroupRange;
  readonly wanted: KeyGroupRange;
}

async function keyGroupsLeft(
  { maxParallelism, held, wanted }: Case,
  deleteFiles: boolean,
): Promise<Map<number, number>> {
  const left = new Map<number, number>();
  await withDb(async (db) => {
    const prefixBytes = firstKeyOf(0, maxParallelism).length;
    const family = await db.createColumnFamily('state');
    for (let keyGroup = held.start; keyGroup <= held.end; keyGroup++) {
      for (let row = 0; row < ROWS; row++) {
        const key = Buffer.concat([firstKeyOf(keyGroup, maxParallelism), Buffer.from([row, 255])]);
        db.put(key, 'value', { columnFamily: family });
      }
      if (deleteFiles) {
        await db.flush();
      }
    }
    await clipDatabase(db, { columnFamilies: [family], held, wanted, maxParallelism, deleteFiles });
    for (const { key } of db.scan({ columnFamily: family })) {
      const keyGroup = Buffer.from(key).readUIntBE(0, prefixBytes);
      left.set(keyGroup, (left.get(keyGroup) ?? 0) + 1);
    }
  });
  return left;
}

function expected({ held, wanted }: Case): Map<number, number> {
  const groups = new Map<number, number>();
  for (let keyGroup = Math.max(held.start, wanted.start); keyGroup <= Math.min(held.end, wanted.end); keyGroup++) {
    groups.set(keyGroup, ROWS);
  }
  return groups;
}

// Flink's own: one byte up to 128 key groups, two above; the last key group of each; wider and narrower targets.
const CASES: readonly Case[] = [
  { maxParallelism: 128, held: { start: 117, end: 127 }, wanted: { start: 112, end: 127 } },
  { maxParallelism: 128, held: { start: 112, end: 127 }, wanted: { start: 117, end: 127 } },
  { maxParallelism: 128, held: { start: 0, end: 16 }, wanted: { start: 5, end: 11 } },
  { maxParallelism: 128, held: { start: 0, end: 3 }, wanted: { start: 0, end: 1 } },
  { maxParallelism: 32_768, held: { start: 32_752, end: 32_767 }, wanted: { start: 32_752, end: 32_767 } },
  { maxParallelism: 32_768, held: { start: 32_752, end: 32_767 }, wanted: { start: 32_757, end: 32_763 } },
  { maxParallelism: 1000, held: { start: 250, end: 260 }, wanted: { start: 255, end: 256 } },
  { maxParallelism: 1000, held: { start: 250, end: 260 }, wanted: { start: 0, end: 4 } },
];

describe.each(CASES)('clipping $held.start to $held.end of $maxParallelism', (each) => {
  it.each([false, true])('leaves the wanted rows, with deletion of files: %s (T172)', async (deleteFiles) => {
    expect(await keyGroupsLeft(each, deleteFiles)).toEqual(expected(each));
  });
});
