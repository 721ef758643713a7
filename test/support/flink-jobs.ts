// Jobs of released Flinks: the savepoints and checkpoints that they wrote, with what is in them, and jobs that go on from
// given ones.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import type { GoldenType } from './flink-goldens.ts';
import { type FlinkProgram, JavaProject } from './java-project.ts';

const directory = fileURLToPath(new URL('../fixtures/flink-jobs', import.meta.url));

/** The releases of Flink, the newest first. */
export const FLINK_RELEASES: readonly string[] = JSON.parse(readFileSync(join(directory, 'releases.json'), 'utf8'));

export type FlinkBackendName = 'heap' | 'rocksdb' | 'rocksdb-heap-timers';

export interface FlinkState {
  readonly name: string;
  /** That of keyed states, `TIMERS`, or how operator state is distributed. */
  readonly kind: string;
  readonly namespaceType?: GoldenType;
  /** Beside those of the other goldens: `["TTL", …]`, `["POJO", class, [field, …], …]`, `["GENERIC", class]`, … */
  readonly valueType?: GoldenType;
  /** Of broadcast state. */
  readonly keyType?: GoldenType;
}

export interface FlinkOperator {
  readonly uid: string;
  /** What Flink makes of the uid, in hex. */
  readonly id: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** The classes of its state handles. */
  readonly handles: readonly string[];
  readonly keyType: GoldenType | null;
  readonly states: readonly FlinkState[];
}

/** What is in a savepoint or checkpoint, as Flink reads it, sorted by the texts of the entries. */
export interface SavepointContents {
  /** uid, state, key, namespace, value. A map's entries are sorted by their texts. */
  readonly rows: readonly (readonly [string, string, unknown, unknown, unknown])[];
  /** uid, queue, timestamp in milliseconds, key, namespace. */
  readonly timers: readonly (readonly [string, string, string, unknown, unknown])[];
  /** uid, state, mode of distribution, subtask, elements or entries. */
  readonly operatorState: readonly (readonly [string, string, string, number, readonly unknown[]])[];
}

/** What a job must have and do that goes on from a savepoint. */
export interface ExpectedSavepoint extends SavepointContents {
  /** The operators of the job that is to go on, by their uids: those of `Job.java`. */
  readonly job: {
    readonly operators: readonly string[];
    readonly parallelism: number;
    readonly maxParallelism: number;
  };
  /** Where the files of a checkpoint have to be: absolute paths in its metadata begin with it. */
  readonly pathPrefix: string | null;
  /** What the operators put out when their states are asked for and event time ends. */
  readonly outputs?: readonly string[];
}

/** The `expected.json` of a savepoint or checkpoint that Flink wrote. */
export interface FlinkSavepoint extends ExpectedSavepoint {
  readonly flink: string;
  readonly backend: FlinkBackendName;
  readonly kind: 'CANONICAL' | 'NATIVE' | 'CHECKPOINT' | 'INCREMENTAL';
  readonly compressed: boolean;
  readonly metadataVersion: number;
  /** The directory of `_metadata`, from that of the golden. */
  readonly savepoint: string;
  readonly operators: readonly FlinkOperator[];
}

/** The names of the goldens of a release. */
export function flinkSavepoints(release: string): readonly string[] {
  return readdirSync(join(directory, 'goldens', release)).sort();
}

/** A golden: where it is, where its `_metadata` is, and what is in it. */
export interface GoldenSavepoint {
  readonly savepoint: string;
  /** What the absolute paths of a checkpoint begin with stands for this directory. */
  readonly files: string;
  readonly expectedFile: string;
  readonly expected: FlinkSavepoint;
}

/** @param name one of {@link flinkSavepoints}, such as `heap-canonical` */
export function flinkSavepoint(release: string, name: string): GoldenSavepoint {
  const golden = join(directory, 'goldens', release, name);
  const expectedFile = join(golden, 'expected.json');
  const expected = JSON.parse(readFileSync(expectedFile, 'utf8')) as FlinkSavepoint;
  return { savepoint: join(golden, expected.savepoint), files: join(golden, 'files'), expectedFile, expected };
}

export interface RestoreInFlink {
  /** A release of Flink. */
  readonly version: string;
  /** The directory of `_metadata`. */
  readonly savepoint: string;
  readonly backend: FlinkBackendName;
  /** The path of a JSON file with an {@link ExpectedSavepoint}. */
  readonly expected: string;
}

const projects: Readonly<Record<string, JavaProject>> = Object.fromEntries(
  FLINK_RELEASES.map((release) => [
    release,
    new JavaProject({
      directory: 'flink-jobs',
      packageName: 'rockstate.jobs',
      release,
      // Kryo of Flink 1 looks into Java's own classes.
      javaOptions: ['--add-opens=java.base/java.util=ALL-UNNAMED'],
    }),
  ]),
);

/** Makes a program ready to run on a release of Flink; see `JavaProject.program`. */
export function flinkJobsProgram(version: string, name: string, context: TestContext): Promise<FlinkProgram> {
  const project = projects[version];
  if (project === undefined) {
    throw new RangeError(`No program is run on Flink ${version}, but on ${FLINK_RELEASES.join(' and ')}`);
  }
  return project.program(name, context);
}

/**
 * Lets jobs of Flink go on from savepoints, one after another in one process, and compares what each then has and does
 * with what is expected. All are of the same release. Answers a line for each.
 *
 * @throws Error that names what differs, or why Flink does not restore it.
 */
export async function restoreInFlink(context: TestContext, ...restores: readonly RestoreInFlink[]): Promise<string[]> {
  const [{ version }] = restores as readonly [RestoreInFlink];
  const restore = await flinkJobsProgram(version, 'RestoreSavepoint', context);
  const printed = await restore(
    ...restores.flatMap(({ savepoint, backend, expected }) => [savepoint, backend, expected]),
  );
  return printed.trim().split('\n');
}
