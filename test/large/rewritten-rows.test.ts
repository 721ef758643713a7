import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { withDb } from '../support/with-db.ts';

test('a value that would become too long is not rewritten', () =>
  withDb(async (db, { directory }) => {
    const columnFamily = db.columnFamily('default');
    db.put('key', Buffer.from('7fffffff', 'hex'));
    const request = { columnFamily, directory: join(directory, 'rewriting'), rows: 'value' } as const;
    const error = await rocksDBErrorOf(() => db.rewriteRows({ ...request, change: `LC64.${'ab'.repeat(64)}` }));
    expect(error.message).toContain('it would become longer than 2147483647 bytes');
  }));

test('a list that is too long to be joined is not rewritten', () =>
  withDb(
    async (db, { directory }) => {
      const columnFamily = db.columnFamily('default');
      const piece = new Uint8Array(60 * 2 ** 20);
      for (let i = 0; i < 5; i++) {
        db.merge('list', piece);
        await db.flush();
      }
      const request = { columnFamily, directory: join(directory, 'rewriting'), rows: 'list' } as const;
      const error = await rocksDBErrorOf(() => db.rewriteRows({ ...request, change: `=F${piece.length}.` }));
      expect(error.message).toContain('with key 6C697374 can not be rewritten: the list is longer than 268435456');
    },
    { disableWal: true },
  ));
