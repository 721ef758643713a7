// What a cache of hot state gains where some keys are used often, and costs where all are alike; and how long its flush before
// a checkpoint holds up the event loop.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FileSystemCheckpointStorage } from '../lib/index.ts';
import { measure, type Row, timed, type Variant } from './harness/measure.ts';
import { saveResults } from './harness/results.ts';
import { printLines } from './harness/table.ts';
import { DISTRIBUTIONS, type Distribution, drawKeys } from './hot-state/keys.ts';
import { Side, type SideOptions, WORK_NAMES, type WorkName } from './hot-state/side.ts';

const MIB = 2 ** 20;
const HEADINGS = ['', 'µs a call', 'times as fast', 'longest delay ms', 'reads hit', 'rows written a call', ''];
// Each repetition goes on where the last one has ended, with other keys.
const SLICES = 8;
const { values: settings } = parseArgs({
  options: {
    keys: { type: 'string', default: '1000000' },
    calls: { type: 'string', default: '300000' },
    repetitions: { type: 'string', default: '5' },
    work: { type: 'string', default: WORK_NAMES.join(',') },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
const works = settings.work.split(',') as WorkName[];
if (settings.help || works.some((work) => !WORK_NAMES.includes(work))) {
  console.log(
    `Options: --keys N, --calls N a repetition, --repetitions N, --work ${WORK_NAMES.join(',')}, --directory PATH for the databases`,
  );
  process.exit(settings.help ? 0 : 1);
}
const keyCount = Number(settings.keys);
const SIDES: readonly SideOptions[] = [
  { name: 'no cache', cacheBytes: 0, blockCache: '8mb' },
  { name: 'no cache, 64 MiB more block cache', cacheBytes: 0, blockCache: '72mb' },
  { name: 'cache of 8 MiB', cacheBytes: 8 * MIB, blockCache: '8mb' },
  { name: 'cache of 64 MiB', cacheBytes: 64 * MIB, blockCache: '8mb' },
];

/** Sides, and their metrics of before. */
interface Progress {
  readonly sides: readonly Side[];
  readonly before: readonly Record<string, number>[];
}

async function compare(directory: string): Promise<Record<string, Row[]>> {
  const sections: Record<string, Row[]> = {};
  const sides: Side[] = [];
  for (const options of SIDES) {
    sides.push(await Side.open(options, keyCount, directory));
  }
  for (const work of works) {
    for (const distribution of DISTRIBUTIONS) {
      const before = sides.map((side) => side.metrics());
      const title = `${work}, ${distribution.name}`;
      const rows = await measure({
        variants: variantsOf(sides, work, distribution),
        operations: Number(settings.calls),
        repetitions: Number(settings.repetitions),
      });
      sections[title] = rows;
      print(title, rows, { sides, before });
    }
  }
  await Promise.all(sides.map(({ keyed }) => keyed.close()));
  return sections;
}

function variantsOf(sides: readonly Side[], work: WorkName, distribution: Distribution): [Variant, ...Variant[]] {
  const keys = drawKeys(distribution, keyCount, SLICES * Number(settings.calls));
  const variants = sides.map((side) => {
    let runs = 0;
    return {
      name: side.name,
      run: (operations: number) => {
        const start = (runs++ % SLICES) * operations;
        return side.run(work, keys.subarray(start, start + operations));
      },
    };
  });
  return variants as unknown as [Variant, ...Variant[]];
}

function print(title: string, rows: readonly Row[], { sides, before }: Progress): void {
  const lines = rows.map((row, index) => {
    const { perOperation, ratio, longestDelay, isNoisy } = row;
    const [low, high] = row.ratioQuartiles;
    const after = sides[index]?.metrics() ?? {};
    const grown = (name: string) => (after[name] ?? 0) - (before[index]?.[name] ?? 0);
    const reads = grown('hotStateHits') + grown('hotStateMisses');
    // Each variant runs once more than it is measured.
    const calls = (Number(settings.repetitions) + 1) * Number(settings.calls);
    return [
      row.name,
      perOperation.toFixed(2),
      `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`,
      (longestDelay / 1000).toFixed(1),
      reads === 0 ? '' : `${Math.round((100 * grown('hotStateHits')) / reads)} %`,
      'hotStateWrittenRows' in after ? (grown('hotStateWrittenRows') / calls).toFixed(2) : '',
      isNoisy ? 'noisy' : '',
    ];
  });
  printLines(title, [HEADINGS, ...lines]);
}

/** How long a checkpoint takes to capture what a full cache has not written, and how long it holds up the event loop. */
async function flushes(directory: string): Promise<object[]> {
  const results: object[] = [];
  const lines: string[][] = [];
  for (const options of SIDES) {
    const side = await Side.open(options, keyCount, directory);
    const storage = new FileSystemCheckpointStorage(join(directory, options.name));
    await side.keyed.snapshot(1, storage);
    const all = Uint32Array.from({ length: keyCount }, (_, index) => index);
    await side.updateUnsettled(all);
    const unwritten = side.metrics().hotStateUnwrittenRows ?? 0;
    let snapshot: ReturnType<Side['keyed']['snapshot']> | undefined;
    const { ms, longestDelayMs } = await timed(async () => {
      snapshot = side.keyed.snapshot(2, storage);
      await snapshot.captured;
    });
    await snapshot?.completed;
    results.push({ name: options.name, unwritten, ms, longestDelayMs });
    lines.push([options.name, String(unwritten), ms.toFixed(0), longestDelayMs.toFixed(1)]);
    await side.keyed.close();
  }
  printLines('capture of a checkpoint', [['', 'unwritten rows', 'ms', 'longest delay ms'], ...lines]);
  return results;
}

const directory = await mkdtemp(join(settings.directory, 'rockstate-bench-'));
try {
  const sections = await compare(directory);
  const captures = await flushes(directory);
  console.log(`\nSaved to ${saveResults('hot-state', { settings, sections, captures })}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
