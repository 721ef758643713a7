// A view of a database at one moment.
import type { NativeSnapshot } from '../binding/surface.ts';

/**
 * Reads given a snapshot see the database as it was when the snapshot was taken. Release it when done: as long as it
 * lives, RocksDB keeps what was overwritten since.
 */
export class Snapshot implements Disposable {
  readonly #native: NativeSnapshot;
  /** @internal */
  readonly number: number;
  /** RocksDB's sequence number of the moment. */
  readonly sequenceNumber: bigint;

  /** @internal */
  constructor(native: NativeSnapshot) {
    this.#native = native;
    this.number = native.number;
    this.sequenceNumber = native.sequenceNumber;
  }

  /** Gives the view up; reads with it then fail with `ERR_ROCKSDB_CLOSED`. Idempotent. */
  release(): void {
    this.#native.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
