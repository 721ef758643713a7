// Raw keyed state of an operator: timers that Flink held in memory become queues; anything else is not lost without a word.
import type { KeyGroupRange, StoredState } from '../api/checkpoint.ts';
import type { SavepointOperator } from '../api/savepoint.ts';
import { RestoreError } from '../errors.ts';
import { toStoredState } from '../savepoint/described-state.ts';
import type { StateRow } from '../savepoint/heap-canonical-rows.ts';
import { timerQueuesOf } from '../savepoint/raw-timer-rows.ts';
import { areRawTimers } from '../savepoint/raw-timers.ts';
import { keyGroupsOf, nameOf, readBytesOf } from './savepoint-bytes.ts';

/** Queues of timers, and the rows of the key groups that are wanted. */
export interface RawState {
  readonly states: readonly StoredState[];
  readonly rows: readonly StateRow[];
}

/**
 * Reads the raw state of the key groups that are wanted, into memory.
 *
 * @param which - the operator, for messages.
 * @throws RestoreError when there is raw state that are no timers, unless it may be left behind.
 */
export async function readRawState(
  operator: SavepointOperator,
  wanted: KeyGroupRange,
  which: string,
): Promise<RawState> {
  const { allowNonRestoredState, types } = operator;
  const states = new Map<string, StoredState>();
  const rows: StateRow[] = [];
  for (const raw of await operator.rawKeyedState()) {
    const stream = await readBytesOf(raw);
    for (const { keyGroup, begin, end } of keyGroupsOf(raw, wanted, { start: 0, none: -1 })) {
      const bytes = stream.subarray(begin, end);
      if (areRawTimers(bytes)) {
        const queues = timerQueuesOf({ keyGroup, bytes, source: nameOf(raw) }, types);
        for (const row of queues.rows) {
          rows.push(row);
        }
        for (const state of queues.states) {
          states.set(
            state.name,
            toStoredState(state, (snapshot) => types.idOf(snapshot)),
          );
        }
      } else if (!allowNonRestoredState) {
        throw new RestoreError(
          `${which} has raw keyed state of its own, which nothing here can hold; open the savepoint with ` +
            'allowNonRestoredState to leave it behind.',
        );
      }
    }
  }
  return { states: [...states.values()], rows };
}
