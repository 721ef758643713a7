// A database with hot rows, used row by row as states use it, and what its rows should be.
import { expect } from 'vitest';
import type { ColumnFamily } from '../../lib/rocksdb/column-family.ts';
import type { HotRows } from '../../lib/rocksdb/hot-rows.ts';
import type { RocksDB } from '../../lib/rocksdb/rocksdb.ts';

export class HotDatabase {
  readonly db: RocksDB;
  readonly rows: HotRows;

  constructor(db: RocksDB, sizeBytes: number) {
    this.db = db;
    this.rows = db.keepHotRows(sizeBytes);
  }

  /** Reads by way of the hot rows, as a state does. */
  get(family: ColumnFamily, key: string): string | undefined {
    const input = this.db.calls.get(family.number, this.#startKey(key));
    return input && Buffer.from(input.readBytes(input.remaining)).toString();
  }

  put(family: ColumnFamily, key: string, value: string): void {
    const keyEnd = this.#startKey(key);
    this.db.calls.output.writeBytes(Buffer.from(value));
    this.db.calls.put(family.number, keyEnd);
  }

  merge(family: ColumnFamily, key: string, operand: string): void {
    const keyEnd = this.#startKey(key);
    this.db.calls.output.writeBytes(Buffer.from(operand));
    this.db.calls.merge(family.number, keyEnd);
  }

  remove(family: ColumnFamily, key: string): void {
    this.db.calls.remove(family.number, this.#startKey(key));
  }

  #startKey(key: string): number {
    const output = this.db.calls.startKey();
    output.writeBytes(Buffer.from(key));
    return output.position;
  }
}

/** All rows of a family, as a scan has them. */
export function scanned(db: RocksDB, columnFamily: ColumnFamily): Record<string, string> {
  return Object.fromEntries(
    Array.from(db.scan({ columnFamily }), ({ key, value }) => [
      Buffer.from(key).toString(),
      Buffer.from(value).toString(),
    ]),
  );
}

/** What a list is after an operand was added. */
export function joined(present: string | undefined, operand: string): string {
  return present === undefined ? operand : `${present},${operand}`;
}

/** That a family has these rows, to whoever asks. */
export function expectRows(hot: HotDatabase, family: ColumnFamily, rows: ReadonlyMap<string, string>): void {
  for (const [key, value] of rows) {
    expect(hot.get(family, key)).toBe(value);
  }
  expect(scanned(hot.db, family)).toEqual(Object.fromEntries(rows));
  for (const [key, value] of rows) {
    expect(hot.get(family, key)).toBe(value);
  }
}
