// Flink's RocksDB state backend goes on from the files of our checkpoints, and we from those of its.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackendOptions } from '../../lib/api/backend.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { asCheckpoint } from '../support/flink-directory.ts';
import { FLINK_TIMEOUT_MS, flinkProgram } from '../support/flink-java.ts';
import { begin, change, fromFlink, type Listed, list, type SharedKeyType } from '../support/shared-contents.ts';
import { expectedContents, sorted } from '../support/shared-expectations.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

function optionsOf(keyType: SharedKeyType, maxParallelism: number): KeyedStateBackendOptions<unknown> {
  return { keyType: Types[keyType] as TypeInformation<unknown>, maxParallelism };
}

/** Where a checkpoint of ours is that takes two files for every state. */
async function writeDirectory(bench: Bench, keyType: SharedKeyType, maxParallelism: number): Promise<string> {
  const keyed = await bench.open(optionsOf(keyType, maxParallelism));
  begin(keyed, keyType);
  await keyed.snapshot(1, bench.storage);
  change(keyed, keyType, 2);
  const { location } = await keyed.snapshot(2, bench.storage);
  return location;
}

describe("Flink's backend restores a RocksDB directory of ours", () => {
  it.for([
    ['STRING', 128],
    ['LONG', 1000],
  ] as const)(
    'with %s keys and %i key groups, and we what it makes of it',
    { timeout: FLINK_TIMEOUT_MS },
    async ([keyType, maxParallelism], context) => {
      const continueDirectory = await flinkProgram('ContinueDirectory', context);
      await withBackend(
        () => new EmbeddedRocksDBStateBackend(),
        async (bench) => {
          const ours = await writeDirectory(bench, keyType, maxParallelism);
          const flinks = join(bench.directory, 'flinks');
          const printed = await continueDirectory(keyType, `${maxParallelism}`, ours, flinks);
          const listed: Listed[] = printed
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line));
          expect(sorted(fromFlink(listed, keyType))).toEqual(sorted(expectedContents(keyType, [2])));

          const restore = await asCheckpoint(flinks, keyType, maxParallelism);
          const keyed = await bench.open({ ...optionsOf(keyType, maxParallelism), restore });
          expect(sorted(list(keyed))).toEqual(sorted(expectedContents(keyType, [2, 3])));
        },
      );
    },
  );
});
