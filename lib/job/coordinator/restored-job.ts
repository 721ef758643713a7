// What a job begins with when it is restored: the state of each of its operators, wherever that is, and whether all of it is
// claimed.
import type { RestoreSource } from '../../api/checkpoint.ts';
import type { StoredOperatorState } from '../../api/operator-state.ts';
import { RestoreError } from '../../errors.ts';

/** The stored state of one operator. */
export interface RestoredOperator {
  readonly uid: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** For messages. */
  readonly location: string;
  /** What a keyed backend is restored from, whatever its key groups; `undefined` where there is no keyed state. */
  readonly keyed: RestoreSource | undefined;
  /**
   * The state that is not keyed, of all subtasks.
   *
   * @throws RestoreError when a file is not there.
   */
  operatorState(): Promise<StoredOperatorState>;
}

/** The stored state of a job. */
export interface RestoredJob {
  readonly checkpointId: number;
  /** The directory (or other address) of the checkpoint or savepoint. */
  readonly location: string;
  /** Of the job that took it, where that is known. */
  readonly jobName: string | undefined;
  /** `undefined` when there is no such operator. */
  operator(uid: string): RestoredOperator | undefined;
  /** What names the stored operators with state that are none of these: uids, or ids where only these are known. */
  unclaimedBy(uids: Iterable<string>): string[];
  /** Keeps the checkpoint from being deleted by retention when it is not this program's. */
  protectUnclaimed(): Promise<void>;
}

/** What a program says of the parallelism of an operator. */
export interface WantedParallelism {
  readonly parallelism: number;
  /** What was set; `undefined` when it may be whatever fits. */
  readonly maxParallelism: number | undefined;
}

/**
 * Checks that no state is left behind without a word.
 *
 * @param uids - of the operators of the job that is to go on.
 * @param allowNonRestoredState - whether state may be left behind. Default false.
 * @throws RestoreError that names the operators whose state nobody claims.
 */
export function checkAllClaimed(job: RestoredJob, uids: Iterable<string>, allowNonRestoredState = false): void {
  const unclaimed = allowNonRestoredState ? [] : job.unclaimedBy(uids);
  if (unclaimed.length > 0) {
    const names = unclaimed.map((name) => `'${name}'`).join(', ');
    throw new RestoreError(
      `Cannot map checkpoint/savepoint state for operator ${names} to the new program, as it has no such operator; the state ` +
        `is at ${job.location}. To leave it behind, set 'execution.state-recovery.ignore-unclaimed-state'.`,
    );
  }
}

/**
 * The number of key groups that an operator goes on with: the one that its state has.
 *
 * @throws RestoreError when the program has set another one, or runs more subtasks.
 */
export function restoredMaxParallelism(operator: RestoredOperator, wanted: WantedParallelism): number {
  const { uid, maxParallelism, location } = operator;
  if (wanted.maxParallelism !== undefined && wanted.maxParallelism !== maxParallelism) {
    throw new RestoreError(
      `The state of operator '${uid}' at ${location} was taken with maximum parallelism ${maxParallelism}, and the program ` +
        `sets ${wanted.maxParallelism}; it can not change.`,
    );
  }
  if (wanted.parallelism > maxParallelism) {
    throw new RestoreError(
      `The state of operator '${uid}' at ${location} has maximum parallelism ${maxParallelism}, which is less than the ` +
        `parallelism ${wanted.parallelism}; reduce that.`,
    );
  }
  return maxParallelism;
}
