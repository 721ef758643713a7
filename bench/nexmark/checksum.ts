// Checksums of events and of results, which both languages compute alike. Checksum.java is the same in Java.
import type { NexmarkEvent } from './generator/events.ts';

const TWO_TO_32 = 2 ** 32;

/** A hash of 32 bits over numbers and texts, in their order. */
export class Checksum {
  #bits = 0;

  /** Counts in what is before the point. */
  number(value: number): this {
    this.#bits = mixed(mixed(this.#bits, value | 0), Math.floor(value / TWO_TO_32) | 0);
    return this;
  }

  text(value: string): this {
    let bits = mixed(this.#bits, value.length);
    for (let at = 0; at < value.length; at++) {
      bits = mixed(bits, value.charCodeAt(at));
    }
    this.#bits = bits;
    return this;
  }

  /** With a sign. */
  get bits(): number {
    return this.#bits;
  }
}

/** What one side of a comparison put out. It does not depend on the order. */
export class ResultSum {
  count = 0;
  checksum = 0;

  add(result: readonly (number | string)[]): void {
    const checksum = new Checksum();
    for (const field of result) {
      typeof field === 'number' ? checksum.number(field) : checksum.text(field);
    }
    this.count++;
    this.checksum = (this.checksum + checksum.bits) | 0;
  }
}

/** Counts all fields in. */
export function addEvent(checksum: Checksum, event: NexmarkEvent): void {
  for (const field of Object.values(event)) {
    typeof field === 'number' ? checksum.number(field) : checksum.text(field);
  }
}

function mixed(bits: number, word: number): number {
  const next = Math.imul(bits ^ word, 0x9e3779b1);
  return next ^ (next >>> 15);
}
