// How checkpoints are kept, and which of them a storage deletes by itself.
import { describe, rangeError } from '../errors.ts';
import type { CompleteCheckpoints } from './complete-checkpoints.ts';

/** How checkpoints are kept. */
export interface CheckpointRetention {
  /**
   * Complete checkpoints to keep; older ones are discarded when a new one is complete. Default: all, until `discard`. One
   * that can't be deleted fails nothing: a warning of the process (`ROCKSTATE_RETENTION`) tells of it, once.
   */
  readonly retained?: number | undefined;
  /** Files of at most so many bytes are kept in the metadata instead of being stored. Default 0: all are stored. */
  readonly inlineThresholdBytes?: number | undefined;
  /** Whether the files of a discarded checkpoint are deleted a few at a time, not one by one. Default `true`. */
  readonly deletesInParallel?: boolean | undefined;
}

/** @throws RangeError `ERR_INVALID_RETENTION`. */
export function checkRetention({ retained, inlineThresholdBytes = 0 }: CheckpointRetention): void {
  if (retained !== undefined && !(Number.isSafeInteger(retained) && retained > 0)) {
    throw rangeError('ERR_INVALID_RETENTION', `retained must be a positive integer; received ${describe(retained)}.`);
  }
  if (!(inlineThresholdBytes >= 0)) {
    throw rangeError(
      'ERR_INVALID_RETENTION',
      `inlineThresholdBytes must be a number of bytes; received ${describe(inlineThresholdBytes)}.`,
    );
  }
}

/** Deletes what is no longer to be kept. */
export class Retention {
  readonly #retained: number;
  readonly #complete: CompleteCheckpoints;
  // What was told already: it is tried again after every checkpoint.
  readonly #told = new Set<string>();

  constructor(retained: number | undefined, complete: CompleteCheckpoints) {
    this.#retained = retained ?? Number.POSITIVE_INFINITY;
    this.#complete = complete;
  }

  /** Whether all checkpoints are kept. */
  get keepsAll(): boolean {
    return this.#retained === Number.POSITIVE_INFINITY;
  }

  /** Does not fail: a new checkpoint is complete whether or not an old one can be deleted. */
  async apply(discard: (checkpointId: number) => Promise<void>): Promise<void> {
    try {
      for (const id of await this.#outdated()) {
        await discard(id).catch((error) => {
          this.#tell(`Checkpoint ${id}, which is older than those to retain, could not be deleted`, error);
        });
      }
    } catch (error) {
      this.#tell('The checkpoints that are older than those to retain could not be found', error);
    }
  }

  async #outdated(): Promise<number[]> {
    const own: number[] = [];
    for (const id of await this.#complete.list()) {
      if (!(await this.#complete.isProtected(id))) {
        own.push(id);
      }
    }
    return own.slice(0, -this.#retained);
  }

  #tell(what: string, error: unknown): void {
    if (!this.#told.has(what)) {
      this.#told.add(what);
      const reason = (error as Error).message.replace(/\.$/, '');
      process.emitWarning(
        `${what}: ${reason}. That is tried again after every checkpoint; collectGarbage removes what is left of one.`,
        { type: 'RockstateWarning', code: 'ROCKSTATE_RETENTION' },
      );
    }
  }
}
