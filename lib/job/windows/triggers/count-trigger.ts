// Fires a window at every so many elements.
import { ReducingStateDescriptor } from '../../../api/descriptors.ts';
import { Types } from '../../../bytes/types.ts';
import { describe, rangeError } from '../../../errors.ts';
import type { Window } from '../window.ts';
import type { OnMergeContext, Trigger, TriggerContext, TriggerResult } from './trigger.ts';

// Flink's name: its savepoints have the state.
const COUNT: ReducingStateDescriptor<number> = new ReducingStateDescriptor(
  'count',
  (first, second) => first + second,
  Types.LONG,
);

/** Fires when so many elements were added to the window since it last fired. */
export class CountTrigger implements Trigger<unknown, Window> {
  readonly #maxCount: number;

  private constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  /**
   * @param maxCount - a number of elements, at least 1.
   * @throws RangeError `ERR_INVALID_TRIGGER` for what is none.
   */
  static of(maxCount: number): CountTrigger {
    if (!Number.isSafeInteger(maxCount) || maxCount < 1) {
      throw rangeError(
        'ERR_INVALID_TRIGGER',
        `A CountTrigger needs a number of elements, at least 1; received ${describe(maxCount)}.`,
      );
    }
    return new CountTrigger(maxCount);
  }

  onElement(_element: unknown, _timestamp: number, _window: Window, context: TriggerContext): TriggerResult {
    const count = context.getPartitionedState(COUNT);
    count.add(1);
    if ((count.get() ?? 0) < this.#maxCount) {
      return 'CONTINUE';
    }
    count.clear();
    return 'FIRE';
  }

  onEventTime(): TriggerResult {
    return 'CONTINUE';
  }

  onProcessingTime(): TriggerResult {
    return 'CONTINUE';
  }

  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(COUNT).clear();
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(COUNT);
  }

  toString(): string {
    return `CountTrigger(${this.#maxCount})`;
  }
}
