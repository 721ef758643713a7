// Bytes as text, to compare with what a test wrote.
import type { RocksDB, ScanOptions } from '../../lib/rocksdb.ts';

const decoder = new TextDecoder();

export function text(bytes: Uint8Array): string;
export function text(bytes: Uint8Array | undefined): string | undefined;
export function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : decoder.decode(bytes);
}

/** What a scan finds, as `key=value`. */
export function entriesOf(db: RocksDB, options: ScanOptions = {}): string[] {
  return Array.from(db.scan(options), ({ key, value }) => `${text(key)}=${text(value)}`);
}

/** The keys that a scan finds. */
export function keysOf(db: RocksDB, options: ScanOptions = {}): string[] {
  return Array.from(db.scan(options), ({ key }) => text(key));
}

/** `key-000000`, `key-000001`, …: in byte order as in number order. */
export function numberedKey(number: number): string {
  return `key-${String(number).padStart(6, '0')}`;
}
