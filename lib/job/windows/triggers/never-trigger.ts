// Never fires: the default of the global window.
import type { Window } from '../window.ts';
import type { Trigger, TriggerResult } from './trigger.ts';

/** Never fires. */
export class NeverTrigger implements Trigger<unknown, Window> {
  static readonly #instance: NeverTrigger = new NeverTrigger();

  private constructor() {}

  static create(): NeverTrigger {
    return NeverTrigger.#instance;
  }

  onElement(): TriggerResult {
    return 'CONTINUE';
  }

  onEventTime(): TriggerResult {
    return 'CONTINUE';
  }

  onProcessingTime(): TriggerResult {
    return 'CONTINUE';
  }

  clear(): void {}

  canMerge(): boolean {
    return true;
  }

  onMerge(): void {}

  toString(): string {
    return 'NeverTrigger()';
  }
}
