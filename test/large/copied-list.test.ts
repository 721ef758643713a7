import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Types } from '../../lib/bytes/types.ts';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { elementsOf } from '../../lib/state/list-pages.ts';
import { ELEMENT_BYTES, elementAt, expectElements, peakBytes, step } from '../support/large-list.ts';
import { keysOf, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

const GIB = 2.3;
const COUNT = Math.ceil((GIB * 2 ** 30) / ELEMENT_BYTES);
const { serializer } = Types.BYTES;

async function elements(db: RocksDB): Promise<Iterable<Uint8Array>> {
  const value = await db.calls.openValueAsync(db.columnFamily('default').number, new TextEncoder().encode('long'));
  return value === undefined ? [] : elementsOf(value, serializer);
}

it(`a list of ${GIB} GiB is copied to another database, and so are the rows around it`, () =>
  withDb(
    async (db, bench) => {
      const from = await bench.open({ disableWal: true }, 'source');
      from.put('a', '1');
      from.put('z', '2');
      const operand = new Uint8Array(4 + ELEMENT_BYTES);
      new DataView(operand.buffer).setUint32(0, ELEMENT_BYTES);
      for (let index = 0; index < COUNT; index++) {
        operand.set(elementAt(index), 4);
        from.merge('long', operand);
      }
      await step('flush', () => from.flush());
      await step('copy', () => db.copyRange({ from, directory: join(bench.directory, 'copy') }));
      await from.close();
      await step('read', async () => expectElements(await elements(db), COUNT));
      expect(keysOf(db, { keysOnly: true })).toEqual(['a', 'long', 'z']);
      expect([text(db.get('a')), text(db.get('z'))]).toEqual(['1', '2']);
      await db.close();
      const again = await bench.open({ disableWal: true });
      expect(text(again.get('z'))).toBe('2');
      await step('read after opening', async () => expectElements(await elements(again), COUNT));
      // The list once for copying it, and once for a compaction at the same time.
      expect(peakBytes()).toBeLessThan(3 * GIB * 2 ** 30);
    },
    { disableWal: true },
  ));
