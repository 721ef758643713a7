// How long the event loop is held up while checkpoints are taken, beside an application that waits, or writes.
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { FileSystemCheckpointStorage } from '../../lib/index.ts';
import type { RockstateSide } from './rockstate-side.ts';
import { KEY_GROUPS, type Rows } from './rows.ts';
import { type Settings, settle } from './side.ts';
import { Writer } from './writer.ts';

const CHANGED_SHARE = 0.1;
const WITHOUT_CHECKPOINT_MS = 5000;
const NAME = 'state';
const ALL = { start: 0, end: KEY_GROUPS - 1 };
const NANOSECONDS_PER_MS = 1e6;

/** Delays in milliseconds, the monitor's own millisecond included. */
export interface DelayRow {
  readonly application: string;
  readonly checkpoint: string;
  readonly durationMs: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly writesPerSecond: number;
}

export interface DelayMeasuring {
  readonly side: RockstateSide;
  readonly rows: Rows;
  readonly settings: Settings;
  /** For checkpoints that store every file. */
  readonly directory: string;
}

export async function measureDelays(measuring: DelayMeasuring): Promise<DelayRow[]> {
  const { side, settings, directory } = measuring;
  const incremental = { ...settings, 'execution.checkpointing.incremental': 'true' };
  const opened = await side.open({ name: NAME, range: ALL, settings: incremental });
  await side.write({ names: [NAME], round: 1 });
  await settle(opened.directory);
  await side.opened(NAME).keyed.snapshot(1, side.storage);
  const rows: DelayRow[] = [];
  let round = 1;
  for (const application of ['idle', 'writing']) {
    // A storage that has none of the files yet is given them all.
    const empty = new FileSystemCheckpointStorage(join(directory, `every-file-${application}`));
    const checkpoints = { none: undefined, 'incremental, 10 % changed': side.storage, 'every file': empty };
    for (const [checkpoint, storage] of Object.entries(checkpoints)) {
      await side.write({ names: [NAME], round: ++round, share: CHANGED_SHARE });
      await settle(opened.directory);
      const writer = application === 'writing' ? new Writer(side.opened(NAME), measuring.rows, round) : undefined;
      const delays = await delaysDuring(() => take(side, { round, storage, writer }), writer);
      rows.push({ application, checkpoint, ...delays });
    }
    await empty.discard(round);
  }
  return rows;
}

interface Taking {
  readonly round: number;
  readonly storage: FileSystemCheckpointStorage | undefined;
  readonly writer: Writer | undefined;
}

async function take(side: RockstateSide, { round, storage, writer }: Taking): Promise<void> {
  if (storage === undefined) {
    await setTimeout(WITHOUT_CHECKPOINT_MS);
    return;
  }
  const snapshot = side.opened(NAME).keyed.snapshot(round, storage);
  writer?.pauseUntil(snapshot.captured);
  await snapshot;
}

async function delaysDuring(
  work: () => Promise<void>,
  writer: Writer | undefined,
): Promise<Omit<DelayRow, 'application' | 'checkpoint'>> {
  globalThis.gc?.();
  await setImmediate();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const start = performance.now();
  const writing = writer?.run();
  await work();
  const durationMs = performance.now() - start;
  writer?.stop();
  await writing;
  delays.disable();
  return {
    durationMs,
    p50: delays.percentile(50) / NANOSECONDS_PER_MS,
    p99: delays.percentile(99) / NANOSECONDS_PER_MS,
    max: delays.max / NANOSECONDS_PER_MS,
    writesPerSecond: ((writer?.written ?? 0) * 1000) / durationMs,
  };
}
