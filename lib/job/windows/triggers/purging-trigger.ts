// Drops the elements of a window whenever another trigger fires it.
import type { Window } from '../window.ts';
import { isFire, type OnMergeContext, type Trigger, type TriggerContext, type TriggerResult } from './trigger.ts';

/**
 * Fires when another trigger does, and drops the window's elements then: the next result is of the elements after it.
 *
 * @example
 * ```ts
 * const everyTen = PurgingTrigger.of(CountTrigger.of(10));
 * ```
 */
export class PurgingTrigger<T, W extends Window> implements Trigger<T, W> {
  readonly #nested: Trigger<T, W>;

  private constructor(nested: Trigger<T, W>) {
    this.#nested = nested;
  }

  static of<T, W extends Window>(nested: Trigger<T, W>): PurgingTrigger<T, W> {
    return new PurgingTrigger(nested);
  }

  onElement(element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#nested.onElement(element, timestamp, window, context));
  }

  onEventTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#nested.onEventTime(time, window, context));
  }

  onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#nested.onProcessingTime(time, window, context));
  }

  clear(window: W, context: TriggerContext): void {
    this.#nested.clear(window, context);
  }

  canMerge(): boolean {
    return this.#nested.canMerge?.() === true;
  }

  onMerge(window: W, context: OnMergeContext): void {
    this.#nested.onMerge?.(window, context);
  }

  toString(): string {
    return `PurgingTrigger(${this.#nested})`;
  }
}

function purging(result: TriggerResult): TriggerResult {
  return isFire(result) ? 'FIRE_AND_PURGE' : result;
}
