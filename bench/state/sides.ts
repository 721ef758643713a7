// The sides that are compared: rockstate, Flink's released state backends, and plain C++ on the same RocksDB.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { floorProgram } from '../harness/floor.ts';
import { JavaProgram, javaClassPath } from '../harness/java.ts';
import { LineProgram } from '../harness/line-program.ts';
import { type Side, StateProgram, type StateRequest, toArguments, WITH_TTL } from './side.ts';

const PROGRAM = fileURLToPath(new URL('program.js', import.meta.url));
const HEAP_MEGABYTES = 4096;
const HEAP_OPTIONS = ['--expose-gc', `--max-old-space-size=${HEAP_MEGABYTES}`];
const FLINK_DEFAULTS = [
  'state.backend.rocksdb.memtable=SKIP_LIST',
  'state.backend.rocksdb.use-bloom-filter=false',
  'state.backend.rocksdb.compression.per.level=SNAPPY_COMPRESSION',
];
/** What is done of C++: reads and writes of single rows. */
const FLOOR_ITEMS = [
  'valueUpdate',
  'valueAdd',
  'valueGet',
  'mapUpdate',
  'mapAdd',
  'mapGet',
  'mapContains',
  'mapRemove',
];

/** Behind the name of a side whose values have a time to live. */
export const TTL_SUFFIX = ' TTL';

interface RockstateSettings {
  /** Where Node.js writes a CPU profile of each item. */
  readonly profileDirectory: string | undefined;
  readonly hasTtl: boolean;
}

export function rockstateSide({ profileDirectory, hasTtl }: RockstateSettings): Side {
  const profiling = (item: string) =>
    profileDirectory === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`, `--cpu-prof-name=${item}.cpuprofile`];
  return {
    name: nameOf('rockstate', hasTtl),
    can: () => true,
    start: async (request) =>
      new StateProgram(
        startRockstate(
          [...HEAP_OPTIONS, ...profiling(`${request.item}-${request.backend}`)],
          request,
          ttlWords(hasTtl),
        ),
      ),
  };
}

/** Rockstate with one option each at Flink's default, where that is another than its own. */
export function flinkDefaultsSides(): Side[] {
  return FLINK_DEFAULTS.map((option) => ({
    name: option.split('.').at(-1) as string,
    can: (_item, backend) => backend === 'rocksdb',
    start: async (request) => new StateProgram(startRockstate(HEAP_OPTIONS, request, [option])),
  }));
}

function startRockstate(options: readonly string[], request: StateRequest, more: readonly string[] = []): LineProgram {
  return new LineProgram(process.execPath, [...options, PROGRAM, ...toArguments(request), ...more]);
}

function nameOf(side: string, hasTtl: boolean): string {
  return hasTtl ? side + TTL_SUFFIX : side;
}

function ttlWords(hasTtl: boolean): string[] {
  return hasTtl ? [WITH_TTL] : [];
}

export async function flinkSide(hasTtl: boolean): Promise<Side> {
  const classPath = await javaClassPath();
  return {
    name: nameOf('Flink', hasTtl),
    can: () => true,
    start: async (request) => {
      const options = [`-Xmx${HEAP_MEGABYTES}m`, `-Djava.io.tmpdir=${request.directory}`];
      const args = [...options, 'rockstate.bench.state.StateAccess', ...toArguments(request), ...ttlWords(hasTtl)];
      return new StateProgram(new JavaProgram(args, classPath));
    },
  };
}

export async function floorSide(): Promise<Side> {
  const program = await floorProgram();
  return {
    name: 'C++',
    can: (item, backend) => FLOOR_ITEMS.includes(item) && backend === 'rocksdb',
    start: async (request) => {
      const options = await optionsOf(request);
      return new StateProgram(new LineProgram(program, [...toArguments(request), ...options]));
    },
  };
}

/** What rockstate opens the database of an item with. */
async function optionsOf(request: StateRequest): Promise<string[]> {
  const opened = { ...request, keys: 1, directory: join(request.directory, 'options') };
  const rockstate = new StateProgram(startRockstate([], opened));
  try {
    return await rockstate.options();
  } finally {
    await rockstate.end();
  }
}
