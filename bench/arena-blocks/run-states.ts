// Writes to many states of one database in turn, and counts what RocksDB did.
import { performance } from 'node:perf_hooks';
import { EmbeddedRocksDBStateBackend, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { scrambled, valueBytes } from '../memory-budget/contents.ts';
import { filesIn, flushesIn } from './working-files.ts';

export interface ArenaRun {
  readonly directory: string;
  readonly states: number;
  readonly budgetMebibytes: number;
  /** `undefined`: what the library chooses. */
  readonly blockKibibytes: number | undefined;
  readonly bytes: number;
  readonly seconds: number;
}

export interface ArenaRow {
  readonly states: number;
  readonly blockBytes: number;
  readonly writesPerSecond: number;
  readonly mebibytesPerSecond: number;
  readonly flushes: number;
  readonly bytesPerFlush: number;
  readonly files: number;
  readonly mostMemtableBytes: number;
}

const VALUE_BYTES = 100;
const WRITES_PER_CHECK = 256;

export async function runStates(run: ArenaRun): Promise<ArenaRow> {
  const backend = new EmbeddedRocksDBStateBackend().configure({
    'state.backend.rocksdb.memory.fixed-per-slot': `${run.budgetMebibytes}mb`,
  });
  const { blockKibibytes } = run;
  if (blockKibibytes !== undefined) {
    backend.setRocksDBOptions({
      createDBOptions: (current) => current,
      createColumnOptions: (current) => current.set('arena_block_size', blockKibibytes * 1024),
    });
  }
  const descriptors = Array.from(
    { length: run.states },
    (_, index) => new ValueStateDescriptor(`s${index}`, Types.BYTES),
  );
  await using keyed = await backend.createKeyedStateBackend({
    keyType: Types.LONG,
    localDir: run.directory,
    slot: {},
    states: descriptors,
  });
  const states = descriptors.map((descriptor) => keyed.getState(descriptor));
  const { columnFamilies } = await keyed.effectiveOptions();
  const blockBytes = Number(columnFamilies.s0?.options.arena_block_size?.value);

  let writes = 0;
  let mostMemtableBytes = 0;
  const start = performance.now();
  while (writes * VALUE_BYTES < run.bytes && performance.now() - start < run.seconds * 1000) {
    for (let i = 0; i < WRITES_PER_CHECK; i++, writes++) {
      keyed.setCurrentKey(scrambled(writes));
      states[scrambled(writes + 7) % states.length]?.update(valueBytes(writes).subarray(0, VALUE_BYTES));
    }
    mostMemtableBytes = Math.max(mostMemtableBytes, keyed.memoryUsage()?.writeBufferUsageBytes ?? 0);
  }
  const seconds = (performance.now() - start) / 1000;
  const flushes = flushesIn(run.directory);
  return {
    states: run.states,
    blockBytes,
    writesPerSecond: writes / seconds,
    mebibytesPerSecond: (writes * VALUE_BYTES) / 2 ** 20 / seconds,
    flushes,
    bytesPerFlush: flushes === 0 ? 0 : (writes * VALUE_BYTES) / flushes,
    files: filesIn(run.directory),
    mostMemtableBytes,
  };
}
