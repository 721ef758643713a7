// Records that a function makes of their numbers, as fast as they are taken, or at a rate.
import type { TypeInformation } from '../../api/type-information.ts';
import { describe, rangeError } from '../../errors.ts';
import { type InputStatus, POLL_RECORDS, type ReaderOutput, type Source, type SourceReader } from './source.ts';

/** Numbers to be made records of. */
export interface NumberRange {
  readonly next: number;
  /** The one behind the last; none for no end, in steps of `step`. */
  readonly end?: number;
  readonly step: number;
}

/** What a generator makes. */
export interface GeneratorOptions<T> {
  /** How many records; without an end by default. */
  readonly count?: number;
  /** Records a second, over all subtasks; as many as are taken by default. */
  readonly recordsPerSecond?: number;
  readonly type?: TypeInformation<T>;
  /** The timestamp of the record with a number, where a watermark strategy does not say. */
  readonly timestampOf?: (index: number) => number;
}

/**
 * Makes the record of each number from 0 on. Subtask `i` of `n` has every `n`th number, from `i` on, so that the order of
 * the whole is about that of the numbers.
 *
 * @example
 * ```ts
 * env.fromSource(new GeneratorSource((index) => `record ${index}`, { count: 1_000 }), WatermarkStrategy.noWatermarks());
 * ```
 */
export class GeneratorSource<T> implements Source<T, NumberRange> {
  readonly boundedness: 'BOUNDED' | 'CONTINUOUS_UNBOUNDED';
  readonly type?: TypeInformation<T>;
  readonly #make: (index: number) => T;
  readonly #options: GeneratorOptions<T>;

  /** @throws RangeError `ERR_INVALID_GENERATOR` for a negative count, or a rate that is not positive. */
  constructor(make: (index: number) => T, options: GeneratorOptions<T> = {}) {
    const { count, recordsPerSecond = Number.POSITIVE_INFINITY, type } = options;
    if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0)) {
      throw rangeError('ERR_INVALID_GENERATOR', `count must be an integer of 0 or more; received ${describe(count)}.`);
    }
    if (!(recordsPerSecond > 0)) {
      throw rangeError(
        'ERR_INVALID_GENERATOR',
        `recordsPerSecond must be positive; received ${describe(recordsPerSecond)}.`,
      );
    }
    this.boundedness = count === undefined ? 'CONTINUOUS_UNBOUNDED' : 'BOUNDED';
    this.#make = make;
    this.#options = options;
    if (type !== undefined) {
      this.type = type;
    }
  }

  splits({ parallelism }: { readonly parallelism: number }): NumberRange[] {
    const { count } = this.#options;
    return Array.from({ length: parallelism }, (_, index) => ({
      ...{ next: index, step: parallelism },
      ...(count !== undefined && { end: count }),
    }));
  }

  createReader(
    splits: readonly NumberRange[],
    { parallelism }: { readonly parallelism: number },
  ): SourceReader<T, NumberRange> {
    const { recordsPerSecond = Number.POSITIVE_INFINITY, timestampOf } = this.#options;
    return new GeneratorReader(this.#make, splits, { perSecond: recordsPerSecond / parallelism, timestampOf });
  }
}

class GeneratorReader<T> implements SourceReader<T, NumberRange> {
  readonly #make: (index: number) => T;
  readonly #ranges: { next: number; readonly end: number; readonly step: number }[];
  readonly #perMs: number;
  readonly #timestampOf: ((index: number) => number) | undefined;
  #startMs = performance.now();
  #made = 0;
  #timeout: NodeJS.Timeout | undefined;

  constructor(
    make: (index: number) => T,
    ranges: readonly NumberRange[],
    pace: { readonly perSecond: number; readonly timestampOf: ((index: number) => number) | undefined },
  ) {
    this.#make = make;
    this.#ranges = ranges.map(({ next, end = Number.POSITIVE_INFINITY, step }) => ({ next, end, step }));
    this.#perMs = pace.perSecond / 1000;
    this.#timestampOf = pace.timestampOf;
  }

  start(): void {
    this.#startMs = performance.now();
  }

  pollNext(output: ReaderOutput<T>): InputStatus {
    let allowed = Math.min(POLL_RECORDS, this.#due());
    while (allowed > 0) {
      const range = this.#nextRange();
      if (range === undefined) {
        return 'END_OF_INPUT';
      }
      output.collect(this.#make(range.next), this.#timestampOf?.(range.next));
      range.next += range.step;
      this.#made++;
      allowed--;
    }
    if (this.#nextRange() === undefined) {
      return 'END_OF_INPUT';
    }
    return this.#due() > 0 ? 'MORE_AVAILABLE' : 'NOTHING_AVAILABLE';
  }

  isAvailable(): Promise<void> {
    const waitMs = (this.#made + 1) / this.#perMs - (performance.now() - this.#startMs);
    return new Promise((resolve) => {
      this.#timeout = setTimeout(resolve, Math.max(waitMs, 0));
    });
  }

  close(): void {
    clearTimeout(this.#timeout);
  }

  snapshotState(): NumberRange[] {
    return this.#ranges.map(({ next, end, step }) => ({ next, step, ...(Number.isFinite(end) && { end }) }));
  }

  // How many records the rate allows by now.
  #due(): number {
    return this.#perMs === Number.POSITIVE_INFINITY
      ? POLL_RECORDS
      : Math.floor((performance.now() - this.#startMs) * this.#perMs) - this.#made;
  }

  // The one that is farthest behind: ranges of several subtasks, which were not equally fast, may have come to one, whose
  // watermarks are about all of them.
  #nextRange(): { next: number; readonly end: number; readonly step: number } | undefined {
    let first: { next: number; readonly end: number; readonly step: number } | undefined;
    for (const range of this.#ranges) {
      if (range.next < range.end && (first === undefined || range.next < first.next)) {
        first = range;
      }
    }
    return first;
  }
}
