// A column family of an open database.

/** Names a column family in calls. It stays valid until the family is dropped or the database closed. */
export interface ColumnFamily {
  readonly name: string;
  /** RocksDB's own number of the family; never reused within a database. */
  readonly number: number;
}
