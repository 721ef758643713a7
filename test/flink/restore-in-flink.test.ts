// Jobs of released Flinks go on from savepoints, and what they then have and do is compared with what is expected.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ExpectedSavepoint,
  FLINK_RELEASES,
  type FlinkBackendName,
  flinkSavepoint,
  flinkSavepoints,
  restoreInFlink,
} from '../support/flink-jobs.ts';
import { HAND_MADE_CONTENTS, writeHandMadeSavepoint } from '../support/hand-made-savepoint.ts';
import { FLINK_TIMEOUT_MS } from '../support/java-project.ts';

/** Whether all is run: it takes minutes, and only shows that the program itself restores what it should. */
const IS_WHOLE = process.env.ROCKSTATE_REQUIRE_FLINK !== undefined;
const BACKENDS: readonly FlinkBackendName[] = ['heap', 'rocksdb', 'rocksdb-heap-timers'];

/** Runs a test with the paths of the hand-made savepoint and of a file with what is expected of it. */
async function withHandMade(
  contents: ExpectedSavepoint,
  test: (savepoint: string, expected: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rockstate-hand-made-'));
  try {
    const expected = join(directory, 'expected.json');
    await writeHandMadeSavepoint(join(directory, 'savepoint'));
    await writeFile(expected, JSON.stringify(contents));
    await test(join(directory, 'savepoint'), expected);
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe.each(FLINK_RELEASES)('Flink %s', (version) => {
  it('restores a hand-made savepoint of metadata version 3', { timeout: FLINK_TIMEOUT_MS }, (context) =>
    withHandMade(HAND_MADE_CONTENTS, async (savepoint, expected) => {
      const restores = BACKENDS.map((backend) => ({ version, savepoint, backend, expected }));
      const lines = await restoreInFlink(context, ...restores);
      expect(lines).toEqual(BACKENDS.map((backend) => expect.stringContaining(`into ${backend} of Flink ${version}`)));
    }),
  );

  it('says what is missing and what is too much', { timeout: FLINK_TIMEOUT_MS }, (context) => {
    const other = { ...HAND_MADE_CONTENTS, rows: [['uid-1', 'count', 'a', null, '7']] as const };
    return withHandMade(other, async (savepoint, expected) => {
      const restored = restoreInFlink(context, { version, savepoint, backend: 'heap', expected });
      const error: Error = await restored.then(
        () => expect.fail('the difference went unseen'),
        (reason) => reason,
      );
      expect(error.message).toContain('missing in rows: ["uid-1","count","a",null,"7"]');
      expect(error.message).toContain('unexpected in rows: ["uid-1","count","a",null,"1"]');
      expect(error.message).toContain('unexpected in rows: ["uid-1","count","hello",null,"2"]');
    });
  });
});

it.runIf(IS_WHOLE)(
  'Flink 2 goes on from the canonical savepoints of Flink 1',
  { timeout: FLINK_TIMEOUT_MS },
  async (context) => {
    const [version, older] = FLINK_RELEASES as readonly [string, string];
    const names = flinkSavepoints(older).filter((name) => name.includes('canonical'));
    const restores = names.map((name) => {
      const { savepoint, expectedFile } = flinkSavepoint(older, name);
      return { version, savepoint, backend: 'rocksdb', expected: expectedFile } as const;
    });
    expect(await restoreInFlink(context, ...restores)).toHaveLength(names.length);
  },
);
