// Measures variants of the same work in turns, so that whatever else the machine does meets all of them alike.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { median, quantile, spread } from './statistics.ts';

/** One way to do the work. */
export interface Variant {
  readonly name: string;
  /** Does `operations` of them. */
  readonly run: (operations: number) => void | Promise<void>;
}

export interface Measuring {
  /** The first is what the others are compared with. */
  readonly variants: readonly [Variant, ...Variant[]];
  readonly operations: number;
  readonly repetitions: number;
}

/** What a variant came to; times in microseconds. */
export interface Row {
  readonly name: string;
  readonly perOperation: number;
  /** Interquartile range of the repetitions, as a share of the median. */
  readonly spread: number;
  readonly isNoisy: boolean;
  /** How many times faster than the first variant: the median of the repetitions, each against its neighbour. */
  readonly ratio: number;
  readonly ratioQuartiles: readonly [number, number];
  /** Time that the JS thread was busy, for each operation. */
  readonly busyPerOperation: number;
  /** The longest that the event loop was held up, the median of the repetitions. */
  readonly longestDelay: number;
}

/** What work took. */
export interface Timed {
  readonly ms: number;
  /** Of these, the JS thread was busy. */
  readonly busyMs: number;
  /** The longest that the event loop was held up, the monitor's own millisecond included. */
  readonly longestDelayMs: number;
}

interface Sample {
  readonly perOperation: number;
  readonly busyPerOperation: number;
  readonly longestDelay: number;
}

const NOISY_SPREAD = 0.15;
const NANOSECONDS_PER_MS = 1e6;

export async function measure({ variants, operations, repetitions }: Measuring): Promise<Row[]> {
  const samples = variants.map((): Sample[] => []);
  for (const variant of variants) {
    await sampleOf(variant, operations);
  }
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (let turn = 0; turn < variants.length; turn++) {
      // Each begins in turn, as the one that goes first may find the caches in another state.
      const index = (turn + repetition) % variants.length;
      samples[index]?.push(await sampleOf(variants[index] as Variant, operations));
    }
  }
  const baseline = (samples[0] as Sample[]).map((sample) => sample.perOperation);
  return variants.map(({ name }, index) => toRow(name, samples[index] as Sample[], baseline));
}

async function sampleOf({ run }: Variant, operations: number): Promise<Sample> {
  const { ms, busyMs, longestDelayMs } = await timed(() => run(operations));
  return {
    perOperation: (ms * 1000) / operations,
    busyPerOperation: (busyMs * 1000) / operations,
    longestDelay: longestDelayMs * 1000,
  };
}

/** Does the work once. */
export async function timed(work: () => void | Promise<void>): Promise<Timed> {
  globalThis.gc?.();
  await setImmediate();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await setImmediate();
  const before = performance.eventLoopUtilization();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { active } = performance.eventLoopUtilization(before);
  // The monitor's timer tells of the last stretch only when the loop turns again.
  await setImmediate();
  await setImmediate();
  delays.disable();
  return { ms, busyMs: active, longestDelayMs: delays.max / NANOSECONDS_PER_MS };
}

function toRow(name: string, samples: readonly Sample[], baseline: readonly number[]): Row {
  const times = samples.map((sample) => sample.perOperation);
  const ratios = times.map((time, repetition) => (baseline[repetition] as number) / time);
  return {
    name,
    perOperation: median(times),
    spread: spread(times),
    isNoisy: spread(times) > NOISY_SPREAD,
    ratio: median(ratios),
    ratioQuartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    busyPerOperation: median(samples.map((sample) => sample.busyPerOperation)),
    longestDelay: median(samples.map((sample) => sample.longestDelay)),
  };
}
