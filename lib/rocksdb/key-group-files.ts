// Files of key groups in Flink's canonical format: what is asked for when they are written and read.
import type { NativeStoredKeyGroup, NativeTask } from '../binding/surface.ts';
import type { ColumnFamily } from './column-family.ts';
import type { Snapshot } from './snapshot.ts';
import type { TtlRule } from './ttl-rule.ts';

/** What to write. */
export interface KeyGroupsToWrite {
  /** Created, or written over. */
  readonly path: string;
  /** What the file begins with. */
  readonly header: Uint8Array;
  /** By state id; `undefined` where the rows are in a file. */
  readonly columnFamilies: readonly (ColumnFamily | undefined)[];
  /** A file as heap/snapshot-format.ts says, with rows of states by their ids: they are written behind the families'. */
  readonly rowsPath?: string | undefined;
  /** By state id: rows of a family that are expired at `ttlNowMs` are left out. Default: none. */
  readonly ttl?: readonly (TtlRule | undefined)[] | undefined;
  /** In milliseconds since 1970; to be given with `ttl`. */
  readonly ttlNowMs?: number | undefined;
  /** Of which moment. */
  readonly snapshot: Snapshot;
  readonly firstKeyGroup: number;
  readonly lastKeyGroup: number;
  /** Bytes that the key group takes in a key. */
  readonly prefixBytes: number;
  /** Whether each key group is compressed with Snappy. */
  readonly compress: boolean;
}

/** Where a key group lies in a file, from its first byte to behind its last. */
export type StoredKeyGroup = NativeStoredKeyGroup;

/** What to read. */
export interface KeyGroupsToRead {
  readonly path: string;
  readonly keyGroups: readonly StoredKeyGroup[];
  /** By state id; the rows of a state without a family are left out. */
  readonly columnFamilies: readonly (ColumnFamily | undefined)[];
  /** Bytes that the key group takes in a key. */
  readonly prefixBytes: number;
  readonly compressed: boolean;
}

/** Starts a task, and ends it when the signal is given. */
export async function untilAborted<T>(start: () => NativeTask<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted();
  const task = start();
  const cancel = () => task.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    return await task.completed;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
