// Canonical savepoints of the same state, written and restored by rockstate and by Flink's RocksDB state backend in turns.
// Flink's side is the program MeasureSavepoint of test/fixtures/flink-jobs, which begins anew each time.
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { type KeyedStateBackend, Savepoint, type StateBackend } from '../../lib/index.ts';
import { javaClassPath } from '../harness/java.ts';
import { Samples } from '../harness/samples.ts';
import { fillAsFlink, OPEN, type Settings, takeOne, UID } from './measured-savepoints.ts';

const PROJECT = join('test', 'fixtures', 'flink-jobs');
// As in Flink's own scripts for Java 17.
const JAVA_OPTIONS = ['-Xmx2g', '--add-opens=java.base/java.util=ALL-UNNAMED'];

export const SIDES = ['rockstate', 'Flink'] as const;

interface Times {
  readonly writeMs: number;
  readonly restoreMs: number;
  readonly bytes: number;
}

export async function measureBesideFlink(backend: StateBackend, settings: Settings): Promise<Samples> {
  const samples = new Samples();
  const classPath = await javaClassPath(PROJECT);
  const keyed = await backend.createKeyedStateBackend({ ...OPEN, localDir: settings.directory });
  try {
    const keyCount = await fillAsFlink(keyed, settings);
    for (let repetition = 0; repetition < settings.repetitions; repetition++) {
      for (const compress of [false, true]) {
        const how = compress ? 'compressed' : 'plain';
        add(samples, 'rockstate', how, await measureOurs(backend, keyed, { ...settings, compress }));
        add(samples, 'Flink', how, await measureFlink(classPath, { ...settings, compress, keyCount }));
      }
    }
  } finally {
    await keyed.close();
  }
  return samples;
}

function add(samples: Samples, side: string, how: string, { writeMs, restoreMs, bytes }: Times): void {
  samples.add(`write, ${how}`, side, { ms: writeMs, bytes });
  samples.add(`restore, ${how}`, side, { ms: restoreMs, bytes });
}

async function measureOurs(
  backend: StateBackend,
  keyed: KeyedStateBackend<number>,
  { directory, compress }: Settings & { readonly compress: boolean },
): Promise<Times> {
  const path = join(directory, 'ours');
  try {
    const start = performance.now();
    const bytes = await takeOne(keyed, path, compress);
    const written = performance.now();
    const restore = (await Savepoint.open(path)).operator(UID);
    const restored = await backend.createKeyedStateBackend({ ...OPEN, localDir: directory, restore });
    const restoreMs = performance.now() - written;
    await restored.close();
    return { writeMs: written - start, restoreMs, bytes };
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function measureFlink(
  classPath: string,
  { directory, valueBytes, keyCount, compress }: Settings & { readonly keyCount: number; readonly compress: boolean },
): Promise<Times> {
  const path = join(directory, 'flink');
  await mkdir(join(path, 'tmp'), { recursive: true });
  try {
    const program = ['rockstate.jobs.MeasureSavepoint', keyCount, valueBytes, compress, join(path, 'savepoint')];
    const args = [...JAVA_OPTIONS, `-Djava.io.tmpdir=${join(path, 'tmp')}`, ...program.map(String)];
    const { stdout } = await promisify(execFile)('java', args, { env: { ...process.env, CLASSPATH: classPath } });
    return JSON.parse(stdout.trim().split('\n').at(-1) as string);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
