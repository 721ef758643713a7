import { expect, it } from 'vitest';
import { Types } from '../../lib/bytes/types.ts';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { elementsOf } from '../../lib/state/list-pages.ts';
import { ELEMENT_BYTES, elementAt, expectElements, step } from '../support/large-list.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { keysOf, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

const COUNT = Math.ceil((4.5 * 2 ** 30) / ELEMENT_BYTES);
const { serializer } = Types.BYTES;

async function elements(db: RocksDB): Promise<Iterable<Uint8Array>> {
  const value = await db.calls.openValueAsync(db.columnFamily('default').number, new TextEncoder().encode('long'));
  return value === undefined ? [] : elementsOf(value, serializer);
}

it('a list of 4.5 GiB survives a full compaction, and so do the rows around it', () =>
  withDb(
    async (db, { open }) => {
      db.put('a', '1');
      db.put('z', '2');
      const operand = new Uint8Array(4 + ELEMENT_BYTES);
      new DataView(operand.buffer).setUint32(0, ELEMENT_BYTES);
      for (let index = 0; index < COUNT; index++) {
        operand.set(elementAt(index), 4);
        db.merge('long', operand);
      }
      await step('flush', () => db.flush());
      await step('compaction', () => db.compactRange());
      await step('read', async () => expectElements(await elements(db), COUNT));
      expect(keysOf(db, { keysOnly: true })).toEqual(['a', 'long', 'z']);
      expect(await codeOf(() => db.get('long'))).toBe('ERR_ROCKSDB_TOO_LARGE');
      expect(await codeOf(() => db.getAsync('long'))).toBe('ERR_ROCKSDB_TOO_LARGE');
      expect(await codeOf(() => db.multiGet(['a', 'long']))).toBe('ERR_ROCKSDB_TOO_LARGE');
      expect(await codeOf(() => [...db.scan()])).toBe('ERR_ROCKSDB_TOO_LARGE');
      db.put('b', 'still written');
      await db.flush();
      await db.close();
      const again = await open();
      expect([text(again.get('a')), text(again.get('b')), text(again.get('z'))]).toEqual(['1', 'still written', '2']);
      await step('read after opening', async () => expectElements(await elements(again), COUNT));
    },
    { disableWal: true },
  ));
