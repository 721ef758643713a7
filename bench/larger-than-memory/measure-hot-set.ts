// Measures the ways to read a hot set in turns, with the memory that the process has after each.
import { measure, type Row } from '../harness/measure.ts';
import { type HotSet, readers, warmUp } from './readers.ts';

export interface HotSetMeasuring extends HotSet {
  readonly warmUpReads: number;
  readonly reads: number;
  readonly repetitions: number;
}

/** A way to read. */
export interface HotSetRow extends Row {
  /** The most after any repetition, resident in this process. */
  readonly rssBytes: number;
  /** The most after any repetition, of blocks and memtables. */
  readonly memoryBytes: number;
}

export async function measureHotSet(measuring: HotSetMeasuring): Promise<HotSetRow[]> {
  const { data, warmUpReads, reads, repetitions } = measuring;
  await warmUp(measuring, warmUpReads);
  const rss = new Map<string, number>();
  const memory = new Map<string, number>();
  const [first, ...others] = readers(measuring).map(({ name, run }) => ({
    name,
    async run(operations: number) {
      await run(operations);
      rss.set(name, Math.max(rss.get(name) ?? 0, process.memoryUsage.rss()));
      memory.set(name, Math.max(memory.get(name) ?? 0, data.memoryBytes));
    },
  }));
  if (first === undefined) {
    throw new Error('There is no way to read.');
  }
  const rows = await measure({ variants: [first, ...others], operations: reads, repetitions });
  return rows.map((row) => ({
    ...row,
    rssBytes: rss.get(row.name) ?? Number.NaN,
    memoryBytes: memory.get(row.name) ?? Number.NaN,
  }));
}
