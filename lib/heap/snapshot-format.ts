// The file of a snapshot of in-memory state. Integers are 32-bit, big-endian; what has no rows is left out:
//
//   file       [magic][version]{key group}…[-1]
//   key group  [its number]{state}…[-1]
//   state      [its index in the handle's states][count of rows]{row}…
//   row        [length of id][id][length of value][value]
//
// An id is what RocksDB's row key has behind the key group: key and namespace. Values are described in value-formats.ts.

/** "RKH1" in ASCII. */
export const SNAPSHOT_MAGIC = 0x524b4831;
export const SNAPSHOT_VERSION = 1;
/** Name of the file within a checkpoint. */
export const SNAPSHOT_FILE = 'state';
/** Name of the file, as part of a checkpoint of a RocksDB database, with the timers that are in memory. */
export const TIMERS_FILE = 'timers';
/** Ends the states of a key group, and the key groups. */
export const END = -1;
