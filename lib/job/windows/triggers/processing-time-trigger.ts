// Fires a window when the clock is at its end.
import { maxTimestamp, type Window } from '../window.ts';
import type { Trigger, TriggerContext, TriggerResult } from './trigger.ts';

/** Fires once the clock is at the end of the window. */
export class ProcessingTimeTrigger implements Trigger<unknown, Window> {
  static readonly #instance: ProcessingTimeTrigger = new ProcessingTimeTrigger();

  private constructor() {}

  static create(): ProcessingTimeTrigger {
    return ProcessingTimeTrigger.#instance;
  }

  onElement(_element: unknown, _timestamp: number, window: Window, context: TriggerContext): TriggerResult {
    context.registerProcessingTimeTimer(maxTimestamp(window));
    return 'CONTINUE';
  }

  onEventTime(): TriggerResult {
    return 'CONTINUE';
  }

  onProcessingTime(): TriggerResult {
    return 'FIRE';
  }

  clear(window: Window, context: TriggerContext): void {
    context.deleteProcessingTimeTimer(maxTimestamp(window));
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(window: Window, context: TriggerContext): void {
    const end = maxTimestamp(window);
    if (end > context.currentProcessingTime()) {
      context.registerProcessingTimeTimer(end);
    }
  }

  toString(): string {
    return 'ProcessingTimeTrigger()';
  }
}
