// What released Flinks wrote into savepoints and checkpoints, as they read it themselves: the ground on which our own
// reading of the files is tested.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  FLINK_RELEASES,
  type FlinkSavepoint,
  flinkSavepoint,
  flinkSavepoints,
  type SavepointContents,
} from '../support/flink-jobs.ts';

const MAGIC = 0x4960672d;
const METADATA_VERSIONS: Readonly<Record<string, number>> = { '1.20.5': 4, '2.3.0': 6 };

/** What there is of the given operators: without the times of last access, which are those of the clock. */
function contentsOf(expected: FlinkSavepoint, uids: readonly string[]): SavepointContents {
  const without = JSON.stringify(expected).replaceAll(/"lastAccessMs":"\d+"/g, '"lastAccessMs":""');
  const { rows, timers, operatorState } = JSON.parse(without) as FlinkSavepoint;
  return {
    rows: rows.filter(([uid]) => uids.includes(uid)),
    timers: timers.filter(([uid]) => uids.includes(uid)),
    operatorState: operatorState.filter(([uid]) => uids.includes(uid)),
  };
}

it('both releases of Flink wrote the same kinds of savepoints and checkpoints', () => {
  const [newer, older] = FLINK_RELEASES.map(flinkSavepoints);
  expect(newer).toEqual(older);
  expect(newer?.length).toBeGreaterThan(10);
});

describe.each(FLINK_RELEASES.flatMap((release) => flinkSavepoints(release).map((name) => [release, name] as const)))(
  'Flink %s, %s',
  (release, name) => {
    const { savepoint, files, expected } = flinkSavepoint(release, name);

    it('begins with the magic number and the version of its release', () => {
      const metadata = readFileSync(join(savepoint, '_metadata'));
      expect(metadata.readInt32BE(0)).toBe(MAGIC);
      expect(metadata.readInt32BE(4)).toBe(METADATA_VERSIONS[release]);
      expect(expected.metadataVersion).toBe(METADATA_VERSIONS[release]);
    });

    it('has the files that its metadata names, and no others', () => {
      const metadata = readFileSync(join(savepoint, '_metadata'), 'latin1');
      const shared = metadata.matchAll(new RegExp(`${expected.pathPrefix}/(shared/[-0-9a-f]{36})`, 'g'));
      const inFiles = readdirSync(files, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== '_metadata')
        .map((entry) => relative(files, join(entry.parentPath, entry.name)));
      const isShared = (path: string) => path.startsWith('shared/');
      expect(new Set(inFiles.filter(isShared))).toEqual(new Set(Array.from(shared, ([, path]) => path)));
      for (const path of inFiles.filter((other) => !isShared(other))) {
        expect(metadata).toContain(basename(path));
      }
    });

    it('has the same contents, operator by operator, as the savepoint of all operators', () => {
      const whole = flinkSavepoint(FLINK_RELEASES[0] as string, 'heap-canonical').expected;
      const { operators } = expected.job;
      const contents = contentsOf(expected, operators);
      const sizes = [contents.rows.length, contents.timers.length, contents.operatorState.length];
      expect(Math.max(...sizes)).toBeGreaterThan(0);
      expect(contents.rows).toEqual(contentsOf(whole, operators).rows);
      expect(contents.timers).toEqual(contentsOf(whole, operators).timers);
    });
  },
);
