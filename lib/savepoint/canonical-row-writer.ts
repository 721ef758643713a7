// Writes the rows of key groups in the canonical format; canonical-format.ts has the layout.
import { DataOutput } from '../bytes/data-output.ts';
import { type CanonicalRow, END_OF_KEY_GROUP, LAST_ROW_FLAG } from './canonical-format.ts';

const INT_BYTES = 4;
const NONE = -1;

/**
 * Rows of one state after the other, key group by key group. What is written is taken off with `drain` whenever it has become
 * large enough.
 */
export class CanonicalRowWriter {
  readonly #output = new DataOutput(new Uint8Array(64 * 1024));
  #stateId = NONE;
  // Where the newest row begins and its key: only the next row, or the end, tells whether it is its state's last.
  #rowStart = 0;
  #keyStart = NONE;

  /** Bytes that wait to be drained. */
  get length(): number {
    return this.#output.position;
  }

  /** Rows of a state must come together. The key, without a flag, begins with the key group. */
  writeRow({ stateId, key, value }: CanonicalRow): void {
    const output = this.#output;
    output.reserve(key.length + value.length + 3 * INT_BYTES);
    if (stateId !== this.#stateId) {
      this.#endState();
      this.#rowStart = output.position;
      output.writeShort(stateId);
      this.#stateId = stateId;
    } else {
      this.#rowStart = output.position;
    }
    output.writeInt(key.length);
    this.#keyStart = output.position;
    output.writeBytes(key);
    output.writeInt(value.length);
    output.writeBytes(value);
  }

  /** Ends a key group, which has rows. One without is left out, and has the offset 0. */
  endKeyGroup(): void {
    this.#endState();
    this.#output.writeShort(END_OF_KEY_GROUP);
    this.#stateId = NONE;
    this.#rowStart = this.#output.position;
  }

  /** Takes off what can't change any more: all but the newest row of a key group that has not ended. */
  drain(): Uint8Array {
    const output = this.#output;
    const done = new Uint8Array(output.bytes.subarray(0, this.#rowStart));
    output.bytes.copyWithin(0, this.#rowStart, output.position);
    output.position -= this.#rowStart;
    this.#keyStart -= this.#rowStart;
    this.#rowStart = 0;
    return done;
  }

  #endState(): void {
    if (this.#stateId !== NONE) {
      const { bytes } = this.#output;
      bytes[this.#keyStart] = (bytes[this.#keyStart] as number) | LAST_ROW_FLAG;
    }
  }
}
