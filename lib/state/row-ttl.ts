// The time in a row's value, and what it says about the row. In rows of maps it is behind the flag byte, which is 0:
//
//   [0: only in maps][last access: int64, milliseconds since 1970][value]
import type { DataOutputView } from '../api/type-information.ts';
import type { DataInput } from '../bytes/data-input.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { readStamp, writeStamp } from '../bytes/ttl-value.ts';
import type { Expiry } from '../ttl/expiry.ts';

const NO_VALUE = 1;

/** `stale` rows live and are to live on; those that are `none` hold null without a time, which Flink takes for nothing. */
export type RowState = 'live' | 'stale' | 'expired' | 'none';

export class RowTtl {
  readonly returnsExpired: boolean;
  readonly #expiry: Expiry;
  readonly #offset: 0 | 1;

  /** @param offset - bytes before the time: 1 in rows of maps. */
  constructor(expiry: Expiry, offset: 0 | 1) {
    this.returnsExpired = expiry.returnsExpired;
    this.#expiry = expiry;
    this.#offset = offset;
  }

  /** Reads up to the value. @throws SerializationError for what is too short. */
  judge(input: DataInput): RowState {
    if (this.#offset === 1 && input.readByte() === NO_VALUE) {
      return 'none';
    }
    const lastAccessMs = readStamp(input);
    const now = this.#expiry.now();
    if (this.#expiry.isExpired(lastAccessMs, now)) {
      return 'expired';
    }
    return this.#expiry.refreshesOnRead && lastAccessMs < now ? 'stale' : 'live';
  }

  /** Whether a row in this state is shown to who reads it. */
  shows(state: RowState): boolean {
    return state === 'expired' ? this.returnsExpired : state !== 'none';
  }

  /** Writes what comes before a value. */
  writeHead(output: DataOutputView): void {
    if (this.#offset === 1) {
      output.writeByte(0);
    }
    writeStamp(this.#expiry.now(), output);
  }

  /** A copy of a row's value with the present time. */
  refreshed(value: Uint8Array): Uint8Array {
    const output = new DataOutput(new Uint8Array(value));
    this.writeHead(output);
    return output.bytes;
  }
}
