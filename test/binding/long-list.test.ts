import { expect, test } from 'vitest';
import { entriesOf } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

// Less than a write buffer, so that it is a record of its own.
const OPERAND_BYTES = 60 * 2 ** 20;

async function recordsAfterCompaction(operands: number): Promise<number> {
  let records = 0;
  await withDb(
    async (db) => {
      db.put('list', new Uint8Array(OPERAND_BYTES).fill(0x61));
      for (let i = 1; i < operands; i++) {
        await db.flush();
        db.merge('list', new Uint8Array(OPERAND_BYTES).fill(0x61 + i));
      }
      await db.flush();
      await db.compactRange();
      records = (await db.liveFiles()).reduce((sum, file) => sum + file.entries, 0);
      // It is read as one all the same.
      const [value] = Array.from(db.scan(), (entry) => entry.value);
      expect(value?.length).toBe(operands * (OPERAND_BYTES + 1) - 1);
      const marks = Array.from({ length: operands }, (_, i) => value?.[i * (OPERAND_BYTES + 1)]);
      expect(marks).toEqual(Array.from({ length: operands }, (_, i) => 0x61 + i));
      expect(value?.[OPERAND_BYTES]).toBe(','.charCodeAt(0));
    },
    { disableWal: true },
  );
  return records;
}

test('a list is joined by compaction up to 256 MiB, and kept in pieces beyond', async () => {
  expect(await recordsAfterCompaction(4)).toBe(1);
  expect(await recordsAfterCompaction(5)).toBe(5);
});

test('the keys of a list are listed, forward and backward, without joining it', () =>
  withDb(async (db) => {
    db.put('a', '1');
    db.merge('list', 'x');
    db.merge('list', 'y');
    db.put('z', '2');
    expect(entriesOf(db, { keysOnly: true })).toEqual(['a=', 'list=', 'z=']);
    expect(entriesOf(db, { keysOnly: true, backward: true })).toEqual(['z=', 'list=', 'a=']);
    expect(entriesOf(db)).toEqual(['a=1', 'list=x,y', 'z=2']);
  }));
