// The run's samples as a chart.
import { writeFileSync } from 'node:fs';
import { type Stretch, toSvg } from '../harness/line-chart.ts';
import type { Sample, SizeName } from './samples.ts';

const MEBIBYTE = 2 ** 20;

export function plot(file: string, samples: readonly Sample[], budgetBytes: number): void {
  const line = (name: string, color: string, sizeOf: (sample: Sample) => number) => ({
    name,
    color,
    points: samples.map((sample) => [sample.seconds, sizeOf(sample) / MEBIBYTE] as const),
  });
  const size = (name: SizeName) => (sample: Sample) => sample[name];
  const loadedGigabytes = ((samples.at(-1)?.writtenBytes ?? 0) / 1e9).toFixed(1);
  writeFileSync(
    file,
    toSvg({
      title: `${loadedGigabytes} GB of state on a budget of ${budgetBytes / MEBIBYTE} MiB`,
      xTitle: 'seconds',
      yTitle: 'MiB',
      lines: [
        line('RSS of the process', '#444', size('rssBytes')),
        line(
          '… without V8’s heap and buffers',
          '#999',
          (sample) => sample.rssBytes - sample.heapTotalBytes - sample.externalBytes,
        ),
        { ...line('the budget', '#c00', () => budgetBytes), dashed: true },
        line('block cache with memtables', '#06c', size('cacheUsageBytes')),
        line('pinned in the cache', '#7a3', size('cachePinnedBytes')),
        line('memtables', '#e80', size('writeBufferUsageBytes')),
        line('V8 heap in use', '#a4c', size('heapUsedBytes')),
      ],
      stretches: stretchesOf(samples),
    }),
  );
}

function stretchesOf(samples: readonly Sample[]): Stretch[] {
  const stretches: { name: string; from: number; to: number }[] = [];
  for (const { phase, seconds } of samples) {
    const last = stretches.at(-1);
    if (last?.name === phase) {
      last.to = seconds;
    } else if (phase !== 'open') {
      if (last !== undefined) {
        last.to = seconds;
      }
      stretches.push({ name: phase, from: seconds, to: seconds });
    }
  }
  return stretches;
}
