// Options of a database, with the setters of RocksDB's Java API.
import { DB_ALIASES, DB_OPTION_TYPES } from './native-option-types.ts';
import { type AliasSetters, defineSetters, NativeOptions, type Setters } from './native-options.ts';

/** Has a setter for every option of databases: `use_fsync` is `setUseFsync`. */
export interface DBOptions
  extends Setters<typeof DB_OPTION_TYPES, DBOptions>,
    AliasSetters<typeof DB_ALIASES, DBOptions> {}

/** Options of the database of a keyed backend. */
export class DBOptions extends NativeOptions {
  /** Lets this many flushes and compactions run at once. */
  setIncreaseParallelism(totalThreads: number): this {
    return this.setMaxBackgroundJobs(totalThreads) as this;
  }
}

defineSetters(DBOptions, DB_OPTION_TYPES, DB_ALIASES);
