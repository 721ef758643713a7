// Options of every read and every write of state, with the setters of RocksDB's Java API.
import { READ_OPTION_TYPES, WRITE_ALIASES, WRITE_OPTION_TYPES } from './native-option-types.ts';
import { type AliasSetters, defineSetters, NativeOptions, type Setters } from './native-options.ts';

/** Has a setter for every option of reads: `verify_checksums` is `setVerifyChecksums`. */
export interface ReadOptions extends Setters<typeof READ_OPTION_TYPES, ReadOptions> {}

/** Options of every read of state. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the setters are defined from the table.
export class ReadOptions extends NativeOptions {}

/** Has a setter for every option of writes: `sync` is `setSync`. */
export interface WriteOptions
  extends Setters<typeof WRITE_OPTION_TYPES, WriteOptions>,
    AliasSetters<typeof WRITE_ALIASES, WriteOptions> {}

/** Options of every write of state; the write-ahead log is off unless it is switched on. */
export class WriteOptions extends NativeOptions {}

defineSetters(ReadOptions, READ_OPTION_TYPES);
defineSetters(WriteOptions, WRITE_OPTION_TYPES, WRITE_ALIASES);
