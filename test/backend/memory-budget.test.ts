import { expect, test } from 'vitest';
import { EmbeddedRocksDBStateBackend, MapStateDescriptor, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { withDirectory } from '../support/with-db.ts';

const MEBIBYTE = 1024 * 1024;
const BUDGET_MEBIBYTES = 64;

// `npm run bench -- memory-budget` is the same at length.
test('the databases of a slot stay within its budget, whatever is written and read', () =>
  withDirectory(async ({ directory }) => {
    const backend = new EmbeddedRocksDBStateBackend().configure({
      'state.backend.rocksdb.memory.fixed-per-slot': `${BUDGET_MEBIBYTES}mb`,
    });
    const slot = {};
    const open = () => backend.createKeyedStateBackend({ keyType: Types.INT, localDir: directory, slot });
    const keyed = await Promise.all([open(), open(), open()]);
    const values = keyed.map((each) => each.getState(new ValueStateDescriptor('value', Types.BYTES)));
    const maps = keyed.map((each) => each.getMapState(new MapStateDescriptor('map', Types.INT, Types.BYTES)));
    const value = new Uint8Array(2048).map((_, index) => index * 31);
    let most = 0;
    for (let row = 0; row < (2 * BUDGET_MEBIBYTES * MEBIBYTE) / value.length / 2; row++) {
      const index = row % keyed.length;
      keyed[index]?.setCurrentKey((row * 7919) % 65_536);
      values[index]?.update(value);
      maps[index]?.put(row, value);
      keyed[index]?.setCurrentKey((row * 104_729) % 65_536);
      values[index]?.value();
      most = Math.max(most, keyed[0]?.memoryUsage()?.cacheUsageBytes ?? 0);
    }
    expect(most).toBeGreaterThan((BUDGET_MEBIBYTES / 2) * MEBIBYTE);
    expect(most).toBeLessThan(1.05 * BUDGET_MEBIBYTES * MEBIBYTE);
    await Promise.all(keyed.map((each) => each.close()));
  }));
