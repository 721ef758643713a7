// What a key-value store is asked to do. A store leaves out what it does not offer.
import type { Rows } from './contents.ts';

/** Is given what a scan comes to. */
export type See = (key: Uint8Array, value: Uint8Array) => void;

export type Values = readonly (Uint8Array | undefined | null)[];

/** Each in the fastest form that a store has, in which a program owns what it is answered. */
export interface Calls {
  put?(key: Buffer, value: Buffer): void;
  putAsync?(key: Buffer, value: Buffer): Promise<unknown>;
  get?(key: Buffer): Uint8Array | undefined | null;
  getAsync?(key: Buffer): Promise<Uint8Array | undefined | null>;
  /** All rows or none. */
  write?(rows: Rows): void;
  writeAsync?(rows: Rows): Promise<unknown>;
  getMany?(keys: readonly Buffer[]): Values;
  getManyAsync?(keys: readonly Buffer[]): Promise<Values>;
  /** All rows, in the order of their keys. */
  scan?(see: See): void;
  scanAsync?(see: See): Promise<void>;
}

export interface Store {
  readonly calls: Calls;
  close(): Promise<void>;
}

export interface StoreKind {
  /** Which calls of the library are measured. */
  readonly forms: Readonly<Partial<Record<keyof Calls, string>>>;
  /** What it does not do as the others do. */
  readonly differs: string;
  open(directory: string): Promise<Store>;
}

/** The same in all stores that have it: what `rocksdb-native` always has. */
export const CACHE_BYTES: number = 32 * 2 ** 20;
export const WRITE_BUFFER_BYTES: number = 64 * 2 ** 20;
export const BLOCK_BYTES = 4096;
/** In RocksDB, which has threads of its own. */
export const BACKGROUND_JOBS = 2;
/** Of one step of an iterator that answers many. */
export const ROWS_OF_A_STEP = 1000;
