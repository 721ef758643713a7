// What the cache of hot state tells of itself.
import type { MetricGroup } from '../api/metrics.ts';
import type { HotRowCounts, HotRows } from '../rocksdb/hot-rows.ts';

type Description = readonly [count: keyof HotRowCounts, description: string, kind: 'total' | 'present', unit?: string];

const GAUGES: Readonly<Record<string, Description>> = {
  hotStateHits: ['hits', 'Reads of rows that the cache of hot state answered.', 'total'],
  hotStateMisses: ['misses', 'Reads of rows that went on to RocksDB.', 'total'],
  hotStateAbsorbedWrites: [
    'absorbedWrites',
    'Changes of rows whose last change was not written yet: RocksDB never saw that one.',
    'total',
  ],
  hotStateWrittenRows: ['writtenRows', 'Rows that were written to RocksDB later than they were changed.', 'total'],
  hotStateUnwrittenRows: ['unwrittenRows', 'Rows that are yet to be written to RocksDB.', 'present'],
  hotStateUsedBytes: ['usedBytes', 'What rows take of the memory of the cache.', 'present', 'bytes'],
};

/** Adds the metrics of a backend's hot rows to its group. */
export function reportHotState(rows: HotRows, group: MetricGroup | undefined): void {
  for (const [name, [count, description, kind, unit]] of Object.entries(GAUGES)) {
    group?.gauge(name, () => rows.counts[count], {
      description,
      cumulative: kind === 'total',
      ...(unit && { unit }),
    });
  }
}
