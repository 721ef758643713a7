// What a run came to: whether the budget held, and what the process's memory was made of when it was largest.
import { peakRssBytes, type Sample, type Samples } from './samples.ts';
import type { TableReaders } from './table-readers.ts';

const MEBIBYTE = 2 ** 20;
/** How far over the budget is still within it. */
const TOLERANCE = 1.05;
/** Growth of native memory, in budgets, that fragmentation, flushes and compactions may make of it. */
const NATIVE_GROWTH = 1.75;

interface Input {
  readonly samples: Samples;
  readonly budgetBytes: number;
  readonly values: number;
  readonly stateBytes: number;
  readonly readers: TableReaders;
}

export interface Account extends Omit<Input, 'samples'> {
  readonly seconds: number;
  /** Idle, after a garbage collection. */
  readonly rssAtTheEndBytes: number;
  readonly allocator: string;
  /** Largest of all samples, in bytes. */
  readonly most: Readonly<Record<string, number>>;
  readonly peakRssBytes: number | undefined;
  /** Of the sample with the most anonymous memory, in bytes. */
  readonly anonymousMemory: Readonly<Record<string, number>>;
  readonly verdicts: Readonly<Record<string, boolean>>;
}

export function account({ samples, ...run }: Input): Account {
  const most = Object.fromEntries(
    (['cacheUsageBytes', 'cachePinnedBytes', 'writeBufferUsageBytes', 'rssBytes', 'anonymousBytes'] as const).map(
      (size) => [size, samples.most(size)],
    ),
  );
  const atTheEnd = samples.all.at(-1) as Sample;
  const [first] = samples.all as [Sample, ...Sample[]];
  const largest = samples.all.reduce((a, b) => (b.anonymousBytes > a.anonymousBytes ? b : a));
  most.nativeGrowthBytes = Math.max(...samples.all.map((sample) => nativeBytes(sample) - nativeBytes(first)));
  const parts = {
    beforeTheLoad: first.anonymousBytes,
    cacheAndMemtables: largest.cacheUsageBytes - first.cacheUsageBytes,
    heap: largest.heapTotalBytes - first.heapTotalBytes,
    external: largest.externalBytes - first.externalBytes,
  };
  const explained = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  const { cacheCapacityBytes, writeBufferCapacityBytes } = first;
  return {
    ...run,
    seconds: atTheEnd.seconds,
    rssAtTheEndBytes: atTheEnd.rssBytes,
    allocator: `${process.env.LD_PRELOAD ?? 'the system’s'} ${process.env.MALLOC_ARENA_MAX ?? ''}`.trim(),
    most,
    peakRssBytes: peakRssBytes(),
    anonymousMemory: { ...parts, rest: largest.anonymousBytes - explained, total: largest.anonymousBytes },
    verdicts: {
      'cache usage within the budget': samples.most('cacheUsageBytes') <= run.budgetBytes * TOLERANCE,
      'cache usage within its capacity': samples.most('cacheUsageBytes') <= cacheCapacityBytes * TOLERANCE,
      'memtables within one and a half times their capacity':
        samples.most('writeBufferUsageBytes') <= writeBufferCapacityBytes * 1.5 * TOLERANCE,
      'native memory grew by less than the budget and three quarters':
        most.nativeGrowthBytes <= run.budgetBytes * NATIVE_GROWTH,
    },
  };
}

// What is neither V8's heap nor its buffers.
function nativeBytes(sample: Sample): number {
  return sample.anonymousBytes - sample.heapTotalBytes - sample.externalBytes;
}

export function printAccount(result: Account): void {
  const inMebibytes = (sizes: Readonly<Record<string, number>>) =>
    Object.entries(sizes)
      .map(([name, bytes]) => `  ${name.padEnd(24)} ${(bytes / MEBIBYTE).toFixed(1).padStart(9)} MiB`)
      .join('\n');
  console.log(
    `${result.values} values in ${Math.round(result.seconds)} s, ${Math.round(result.stateBytes / MEBIBYTE)} MiB of files; ` +
      `budget ${result.budgetBytes / MEBIBYTE} MiB, allocator: ${result.allocator}`,
  );
  console.log(
    `\nLargest\n${inMebibytes({ ...result.most, peakRss: result.peakRssBytes ?? Number.NaN, rssAtTheEnd: result.rssAtTheEndBytes })}`,
  );
  console.log(`\nAnonymous memory when it was largest\n${inMebibytes(result.anonymousMemory)}`);
  console.log(
    `\nOpen files outside the cache: ${result.readers.bytesPerFile} bytes each (${result.readers.files} files)\n`,
  );
  for (const [claim, holds] of Object.entries(result.verdicts)) {
    console.log(`  ${holds ? 'yes' : 'NO '}  ${claim}`);
  }
}
