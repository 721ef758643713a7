import { describe, expect, test } from 'vitest';
import { compactionTasks, type ManualCompactionSettings } from '../../lib/backend/compaction-tasks.ts';

// Files are in the order of their keys; no limit but one file at least.
const SETTINGS: ManualCompactionSettings = {
  minIntervalMs: 1,
  maxParallelCompactions: 100,
  maxFileSizeToCompactBytes: 1_000_000,
  minFilesToCompact: 1,
  maxFilesToCompact: 100,
  maxOutputFileSizeBytes: 1_000_000,
  maxAutoCompactions: 100,
};

interface FileSketch {
  readonly level?: number;
  readonly size?: number;
  readonly busy?: boolean;
  readonly family?: string;
}

function tasks(files: readonly FileSketch[], settings: Partial<ManualCompactionSettings> = {}): [number, string][] {
  const candidates = files.map(({ level = 1, size = 4, busy = false, family = 'a' }, index) => ({
    columnFamily: family,
    level,
    name: String(index),
    sizeBytes: size,
    smallestKey: Buffer.from([index]),
    beingCompacted: busy,
  }));
  // In no order: the tasks are about the order of keys.
  const found = compactionTasks(candidates.toReversed(), { ...SETTINGS, ...settings });
  return found.map((task) => [task.level, task.files.join()]);
}

describe('files to merge by hand', () => {
  test('are none when they are too few (T242)', () => {
    expect(tasks([{}], { minFilesToCompact: 2 })).toEqual([]);
  });

  test('are so many at most in a task (T243)', () => {
    expect(tasks([{}, {}], { maxFilesToCompact: 1 })).toHaveLength(2);
  });

  test('make so many tasks at most (T244)', () => {
    expect(tasks([{}, {}, {}, {}], { maxFilesToCompact: 1, maxParallelCompactions: 2 })).toHaveLength(2);
  });

  test('are small (T245)', () => {
    expect(tasks([{}], { maxFileSizeToCompactBytes: 1 })).toEqual([]);
  });

  test('are together no larger than the output may be (T246)', () => {
    const files = Array.from({ length: 5 }, () => ({ size: 10 }));
    expect(tasks(files, { maxOutputFileSizeBytes: 49 })).toEqual([
      [1, '0,1,2,3'],
      [1, '4'],
    ]);
  });

  test('are one task when nothing is between them (T247)', () => {
    const files = Array.from({ length: 10 }, () => ({ size: 1024, level: 3 }));
    expect(tasks(files)).toEqual([[3, '0,1,2,3,4,5,6,7,8,9']]);
  });

  test('are separated by one that is being compacted (T248)', () => {
    expect(tasks([{}, {}, { level: 2, busy: true }, { level: 3 }])).toEqual([
      [1, '0,1'],
      [3, '3'],
    ]);
  });

  test('are separated by level (T249)', () => {
    expect(tasks([{}, { level: 2 }])).toHaveLength(2);
  });

  test('are not those that are being compacted, or in level 0 (T250)', () => {
    expect(tasks([{ busy: true }, { level: 0 }])).toEqual([]);
  });

  test('are separated by family (T251)', () => {
    expect(tasks([{}, { family: 'b' }])).toHaveLength(2);
  });

  test('come in the largest groups first', () => {
    expect(tasks([{}, { level: 2 }, { level: 2 }])).toEqual([
      [2, '1,2'],
      [1, '0'],
    ]);
  });
});
