// Fills a value state, takes savepoints of it and restores them.
import { randomFillSync } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import {
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  type KeyedStateBackend,
  Savepoint,
  type StateBackend,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { median } from '../harness/statistics.ts';

const STATE = new ValueStateDescriptor('value', Types.BYTES);
export const UID = 'bench';
/** Of the keyed backends. */
export const OPEN: { readonly keyType: typeof Types.LONG } = { keyType: Types.LONG };
const KEYS_AT_ONCE = 1000;

export const BACKENDS: Readonly<Record<'RocksDB' | 'HashMap', StateBackend>> = {
  RocksDB: new EmbeddedRocksDBStateBackend(),
  HashMap: new HashMapStateBackend(),
};

export interface Settings {
  readonly directory: string;
  /** Of all values together. */
  readonly sizeBytes: number;
  readonly valueBytes: number;
  readonly repetitions: number;
}

/** One kind of work; the medians of its repetitions. */
export interface Measured {
  readonly name: string;
  readonly fileBytes: number;
  readonly seconds: number;
  /** Of the rows, whatever the file takes. */
  readonly megabytesPerSecond: number;
  /** The longest that the event loop was held up. */
  readonly longestDelayMs: number;
}

export async function measureSavepoints(backend: StateBackend, settings: Settings): Promise<Measured[]> {
  const { directory, repetitions } = settings;
  const open = (restore?: Parameters<StateBackend['createKeyedStateBackend']>[0]['restore']) =>
    backend.createKeyedStateBackend({ ...OPEN, localDir: directory, ...(restore && { restore }) });
  const keyed = await open();
  await fill(keyed, settings);
  const measured: Measured[] = [];
  const rowBytes = await takeOne(keyed, join(directory, 'first'), false);
  for (const compress of [false, true]) {
    const how = compress ? 'compressed' : 'plain';
    const path = join(directory, how);
    let fileBytes = 0;
    const writes = await repeat(repetitions, async () => {
      await rm(path, { recursive: true, force: true });
      return timed(async () => {
        fileBytes = await takeOne(keyed, path, compress);
      });
    });
    measured.push(toMeasured(`write, ${how}`, { writes, fileBytes, rowBytes }));
  }
  await keyed.close();
  for (const how of ['plain', 'compressed']) {
    const restore = (await Savepoint.open(join(directory, how))).operator(UID);
    const fileBytes = (await restore.keyedState()).reduce(
      (sum, each) => sum + ('sizeBytes' in each ? each.sizeBytes : 0),
      0,
    );
    const writes = await repeat(repetitions, async () => {
      let restored: KeyedStateBackend<number> | undefined;
      const sample = await timed(async () => {
        restored = await open(restore);
      });
      await restored?.close();
      return sample;
    });
    measured.push(toMeasured(`read, ${how}`, { writes, fileBytes, rowBytes }));
  }
  return measured;
}

export async function takeOne(keyed: KeyedStateBackend<number>, path: string, compress: boolean): Promise<number> {
  const { sizeBytes } = await keyed.savepoint(path, { uid: UID, compress });
  return sizeBytes;
}

// Half of each value is random, so that it compresses to about that.
function fill(keyed: KeyedStateBackend<number>, settings: Settings): Promise<number> {
  return fillWith(keyed, settings, (_key, value) => randomFillSync(value, 0, value.length >> 1));
}

/** Writes the rows of test/fixtures/flink-jobs' MeasureSavepoint; answers how many. */
export function fillAsFlink(keyed: KeyedStateBackend<number>, settings: Settings): Promise<number> {
  return fillWith(keyed, settings, (key, value) => {
    value.fill('x'.charCodeAt(0));
    for (let i = 0; i < value.length >> 1; i++) {
      value[i] = Math.imul(Math.imul(key + 1, i + 1), 0x9e3779b1) >>> 16;
    }
  });
}

async function fillWith(
  keyed: KeyedStateBackend<number>,
  { sizeBytes, valueBytes }: Settings,
  fillValue: (key: number, value: Uint8Array) => void,
): Promise<number> {
  const state = keyed.getState(STATE);
  const keyCount = Math.ceil(sizeBytes / valueBytes);
  for (let key = 0; key < keyCount; key++) {
    const value = new Uint8Array(valueBytes);
    fillValue(key, value);
    keyed.setCurrentKey(key);
    state.update(value);
    if (key % KEYS_AT_ONCE === 0) {
      await setImmediate();
    }
  }
  return keyCount;
}

interface Sample {
  readonly seconds: number;
  readonly longestDelayMs: number;
}

async function timed(work: () => Promise<void>): Promise<Sample> {
  globalThis.gc?.();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  await setImmediate();
  delays.disable();
  return { seconds, longestDelayMs: delays.max / 1e6 };
}

async function repeat(times: number, work: () => Promise<Sample>): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (samples.length < times) {
    samples.push(await work());
  }
  return samples;
}

function toMeasured(
  name: string,
  of: { readonly writes: readonly Sample[]; readonly fileBytes: number; readonly rowBytes: number },
): Measured {
  const seconds = median(of.writes.map((sample) => sample.seconds));
  const longestDelayMs = median(of.writes.map((sample) => sample.longestDelayMs));
  return { name, fileBytes: of.fileBytes, seconds, megabytesPerSecond: of.rowBytes / 1e6 / seconds, longestDelayMs };
}

export function printMeasured(title: string, measured: readonly Measured[]): void {
  console.log(`\n${title}\n`);
  for (const { name, fileBytes, seconds, megabytesPerSecond, longestDelayMs } of measured) {
    const cells = [
      name.padEnd(20),
      `${megabytesPerSecond.toFixed(0)} MB/s`.padStart(10),
      `${seconds.toFixed(2)} s`.padStart(10),
      `${(fileBytes / 1e6).toFixed(0)} MB file`.padStart(14),
      `longest delay ${longestDelayMs.toFixed(1)} ms`.padStart(26),
    ];
    console.log(`  ${cells.join('')}`);
  }
}
