// Which small files to merge by hand: Flink's rules.
import type { NativeLiveFile } from '../binding/surface.ts';

/** What is merged, and how much at once: the options under `state.backend.rocksdb.manual-compaction`. */
export interface ManualCompactionSettings {
  /** Between scans, in milliseconds; 0 = no manual compaction. */
  readonly minIntervalMs: number;
  readonly maxParallelCompactions: number;
  readonly maxFileSizeToCompactBytes: number;
  readonly minFilesToCompact: number;
  readonly maxFilesToCompact: number;
  readonly maxOutputFileSizeBytes: number;
  /** No manual compaction begins in a family while so many automatic ones run in it. */
  readonly maxAutoCompactions: number;
}

/** Files of one family and level that are neighbours by key. */
export interface CompactionTask {
  readonly columnFamily: string;
  readonly level: number;
  readonly files: readonly string[];
}

type Candidate = Pick<
  NativeLiveFile,
  'columnFamily' | 'level' | 'name' | 'sizeBytes' | 'smallestKey' | 'beingCompacted'
>;

/**
 * Groups small files that are neighbours, below level 0; what lies between two groups is a file that does not qualify, a
 * change of level or family, or a limit. The largest groups come first.
 */
export function compactionTasks(files: readonly Candidate[], settings: ManualCompactionSettings): CompactionTask[] {
  const inOrder = files
    .filter(({ level }) => level > 0)
    .sort((a, b) => compareText(a.columnFamily, b.columnFamily) || Buffer.compare(a.smallestKey, b.smallestKey));
  const groups: Candidate[][] = [];
  let group: Candidate[] = [];
  let groupBytes = 0;
  let previous: Candidate | undefined;
  for (const file of inOrder) {
    const qualifies = file.sizeBytes <= settings.maxFileSizeToCompactBytes && !file.beingCompacted;
    const continues =
      file.level === previous?.level &&
      file.columnFamily === previous.columnFamily &&
      groupBytes + file.sizeBytes <= settings.maxOutputFileSizeBytes &&
      group.length < settings.maxFilesToCompact;
    if (!qualifies || !continues) {
      group = [];
      groupBytes = 0;
    }
    if (qualifies) {
      if (group.length === 0) {
        groups.push(group);
      }
      group.push(file);
      groupBytes += file.sizeBytes;
    }
    previous = file;
  }
  return groups
    .filter(({ length }) => length >= settings.minFilesToCompact)
    .sort((a, b) => b.length - a.length)
    .slice(0, settings.maxParallelCompactions)
    .map((each) => ({
      columnFamily: each[0]?.columnFamily ?? '',
      level: each[0]?.level ?? 0,
      files: each.map(({ name }) => name),
    }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
