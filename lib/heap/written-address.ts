// The address of a row whose id is in a scratch output, and becomes text only when that is needed: a row that is there has it.
import type { TextOutput } from './byte-text.ts';
import type { RowAddress } from './copy-on-write-table.ts';

export class WrittenAddress implements RowAddress {
  keyGroup = 0;
  hash = 0;
  use = 0;
  readonly #text: TextOutput;
  #start = 0;
  #end = 0;
  #id: string | undefined;

  constructor(text: TextOutput) {
    this.#text = text;
  }

  /** Becomes the address of the row whose id is what is written from `start` on. */
  moveTo(keyGroup: number, start: number): void {
    this.keyGroup = keyGroup;
    this.hash = this.#text.hashFrom(start);
    this.use++;
    this.#start = start;
    this.#end = this.#text.output.position;
    this.#id = undefined;
  }

  /** It must be asked for once before anything else is written. */
  get id(): string {
    this.#id ??= this.#text.textBetween(this.#start, this.#end);
    return this.#id;
  }

  hasId(id: string): boolean {
    if (this.#id !== undefined) {
      return this.#id === id;
    }
    const isSame = this.#text.hasText(this.#start, this.#end, id);
    if (isSame) {
      this.#id = id;
    }
    return isSame;
  }

  lasting(): RowAddress {
    const { keyGroup, id, hash } = this;
    return { keyGroup, id, hash };
  }
}
