// How long a restore took, and how much it read: Flink's metrics of restores.
import type { KeyedStateHandle } from '../api/checkpoint.ts';
import type { MetricGroup } from '../api/metrics.ts';

const MILLIS = 'ms';

/** Measures one restore. */
export class RestoreDurations {
  readonly #startMs = performance.now();
  #downloadMs = 0;

  /** Files have come, which took so long. */
  readonly onDownloaded = (durationMs: number): void => {
    this.#downloadMs += durationMs;
  };

  /** The restore is done: the numbers go into the group. */
  report(group: MetricGroup | undefined, handles: readonly KeyedStateHandle[]): void {
    const downloadMs = this.#downloadMs;
    const restoreMs = performance.now() - this.#startMs - downloadMs;
    const sizeBytes = handles.reduce((sum, handle) => sum + handle.sizeBytes, 0);
    gauge(group, 'DownloadStateDurationMs', downloadMs, 'Time that the files of the restored checkpoint took to come.');
    gauge(group, 'RestoreStateDurationMs', restoreMs, 'Time that the rest of the restore took.');
    group?.gauge('RestoredStateSizeBytes', () => sizeBytes, {
      description: 'Size of the restored files.',
      unit: 'bytes',
    });
  }
}

/** The compaction that followed a restore is done, and began at `startMs`. */
export function reportCompaction(group: MetricGroup | undefined, startMs: number): void {
  const durationMs = performance.now() - startMs;
  const description = 'Time that the compaction in the background took after a restore with other key groups.';
  gauge(group, 'RestoreAsyncCompactionDurationMs', durationMs, description);
}

function gauge(group: MetricGroup | undefined, name: string, value: number, description: string): void {
  group?.gauge(name, () => value, { description, unit: MILLIS });
}
