// Has all sides do the same work in turns.
import type { Side, Written } from './side.ts';

/** Each begins in turn, as the one that goes first may find the machine in another state. */
export async function inTurns(
  sides: readonly Side[],
  repetition: number,
  work: (side: Side) => Promise<void>,
): Promise<void> {
  for (let turn = 0; turn < sides.length; turn++) {
    await work(sides[(turn + repetition) % sides.length] as Side);
  }
}

/** Compares what the sides have written, call by call. */
export class SameWork {
  readonly #checksums = new Map<string, number>();

  /** @throws Error when another side has written something else for the same `what`. */
  check(what: string, { checksum }: Written): void {
    const known = this.#checksums.get(what) ?? checksum;
    this.#checksums.set(what, known);
    if (known !== checksum) {
      throw new Error(`The sides have written different rows for ${what}.`);
    }
  }
}
