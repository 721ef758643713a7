// Our backend goes on from the files of a checkpoint of Flink's RocksDB state backend.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { asCheckpoint } from '../support/flink-directory.ts';
import { readGoldens } from '../support/flink-goldens.ts';
import { restored } from '../support/restored.ts';
import { change, fromFlink, type Listed, list } from '../support/shared-contents.ts';
import { expectedContents, sorted } from '../support/shared-expectations.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

describe.each([
  ['STRING', 128],
  ['LONG', 1000],
] as const)("a RocksDB directory of Flink's, with %s keys and %i key groups,", (keyType, maxParallelism) => {
  const name = `rocksdb/${keyType}-${maxParallelism}`;
  const options = { keyType: Types[keyType] as TypeInformation<unknown>, maxParallelism };

  function withRestored(test: (keyed: KeyedStateBackend<unknown>, bench: Bench) => Promise<void>): Promise<void> {
    return withBackend(
      () => new EmbeddedRocksDBStateBackend(),
      async (bench) => {
        const directory = fileURLToPath(new URL(`../fixtures/flink/goldens/${name}`, import.meta.url));
        const restore = await asCheckpoint(directory, keyType, maxParallelism);
        await test(await bench.open({ ...options, restore }), bench);
      },
    );
  }

  it('has for us what Flink reads there, in the same order', () =>
    withRestored(async (keyed) => {
      const { contents } = readGoldens<{ readonly contents: readonly Listed[] }>(name);
      const listed = list(keyed);
      expect(listed).toEqual(fromFlink(contents, keyType));
      expect(sorted(listed)).toEqual(sorted(expectedContents(keyType, [2])));
    }));

  it('can be changed and checkpointed', () =>
    withRestored(async (keyed, bench) => {
      change(keyed, keyType, 3);
      const expected = sorted(expectedContents(keyType, [2, 3]));
      expect(sorted(list(keyed))).toEqual(expected);
      expect(sorted(list(await restored(bench, keyed, options)))).toEqual(expected);
    }));
});
