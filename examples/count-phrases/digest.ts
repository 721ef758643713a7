// A fingerprint of all counts that does not depend on the order in which they are added.

const FIRST_SEED = 0x811c9dc5;
const SECOND_SEED = 0x9e3779b9;

export class CountsDigest {
  #first = 0;
  #second = 0;

  /** Adds that `phrase` was counted `count` times; `times` tells how often this is to be added. */
  add(phrase: string, count: number, times = 1): void {
    this.#first = (this.#first + Math.imul(hash(phrase, count, FIRST_SEED), times)) >>> 0;
    this.#second = (this.#second + Math.imul(hash(phrase, count, SECOND_SEED), times)) >>> 0;
  }

  toString(): string {
    return [this.#first, this.#second].map((half) => half.toString(16).padStart(8, '0')).join('');
  }
}

// FNV-1a over the characters and the count, then MurmurHash3's last step, so that all bits of a sum depend on all of them.
function hash(phrase: string, count: number, seed: number): number {
  let bits = seed;
  for (let i = 0; i < phrase.length; i++) {
    bits = Math.imul(bits ^ phrase.charCodeAt(i), 0x01000193);
  }
  bits = Math.imul(bits ^ count, 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
