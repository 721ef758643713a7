// Fires a window when an element is far enough from the one it last fired with.
import { ValueStateDescriptor } from '../../../api/descriptors.ts';
import type { TypeInformation } from '../../../api/type-information.ts';
import type { DeltaFunction } from '../delta-function.ts';
import type { Window } from '../window.ts';
import type { Trigger, TriggerContext, TriggerResult } from './trigger.ts';

/** Fires when an element's distance from the one that the window last fired with, or its first one, is above a threshold. */
export class DeltaTrigger<T> implements Trigger<T, Window> {
  readonly #threshold: number;
  readonly #delta: DeltaFunction<T>;
  readonly #last: ValueStateDescriptor<T>;

  private constructor(threshold: number, delta: DeltaFunction<T>, last: ValueStateDescriptor<T>) {
    this.#threshold = threshold;
    this.#delta = delta;
    this.#last = last;
  }

  /** @param type - of the elements, one of which is kept in state. */
  static of<T>(threshold: number, delta: DeltaFunction<T>, type: TypeInformation<T>): DeltaTrigger<T> {
    // Flink's name: its savepoints have the state.
    return new DeltaTrigger(threshold, delta, new ValueStateDescriptor('last-element', type));
  }

  onElement(element: T, _timestamp: number, _window: Window, context: TriggerContext): TriggerResult {
    const state = context.getPartitionedState(this.#last);
    const last = state.value();
    if (last === undefined) {
      state.update(element);
      return 'CONTINUE';
    }
    if (this.#delta(last, element) > this.#threshold) {
      state.update(element);
      return 'FIRE';
    }
    return 'CONTINUE';
  }

  onEventTime(): TriggerResult {
    return 'CONTINUE';
  }

  onProcessingTime(): TriggerResult {
    return 'CONTINUE';
  }

  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(this.#last).clear();
  }

  toString(): string {
    return `DeltaTrigger(${this.#threshold})`;
  }
}
