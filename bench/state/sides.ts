// The sides that are compared: rockstate, Flink's released state backends, and plain C++ on the same RocksDB.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { floorProgram } from '../harness/floor.ts';
import { JavaProgram, javaClassPath } from '../harness/java.ts';
import { LineProgram } from '../harness/line-program.ts';
import { type Side, StateProgram, type StateRequest, toArguments } from './side.ts';

const PROGRAM = fileURLToPath(new URL('program.js', import.meta.url));
const HEAP_MEGABYTES = 4096;
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

/** @param profileDirectory - where Node.js writes a CPU profile of each item. */
export function rockstateSide(profileDirectory: string | undefined): Side {
  const options = ['--expose-gc', `--max-old-space-size=${HEAP_MEGABYTES}`];
  const profiling = (item: string) =>
    profileDirectory === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`, `--cpu-prof-name=${item}.cpuprofile`];
  return {
    name: 'rockstate',
    can: () => true,
    start: async (request) =>
      new StateProgram(startRockstate([...options, ...profiling(`${request.item}-${request.backend}`)], request)),
  };
}

function startRockstate(options: readonly string[], request: StateRequest): LineProgram {
  return new LineProgram(process.execPath, [...options, PROGRAM, ...toArguments(request)]);
}

export async function flinkSide(): Promise<Side> {
  const classPath = await javaClassPath();
  return {
    name: 'Flink',
    can: () => true,
    start: async (request) => {
      const options = [`-Xmx${HEAP_MEGABYTES}m`, `-Djava.io.tmpdir=${request.directory}`];
      const args = [...options, 'rockstate.bench.state.StateAccess', ...toArguments(request)];
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
