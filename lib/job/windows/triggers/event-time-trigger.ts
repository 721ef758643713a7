// Fires a window when event time is at its end.
import { maxTimestamp, type Window } from '../window.ts';
import type { Trigger, TriggerContext, TriggerResult } from './trigger.ts';

/**
 * Fires once the watermark is at the end of the window, and with each element that comes later, within the allowed lateness.
 */
export class EventTimeTrigger implements Trigger<unknown, Window> {
  static readonly #instance: EventTimeTrigger = new EventTimeTrigger();

  private constructor() {}

  static create(): EventTimeTrigger {
    return EventTimeTrigger.#instance;
  }

  onElement(_element: unknown, _timestamp: number, window: Window, context: TriggerContext): TriggerResult {
    const end = maxTimestamp(window);
    if (end <= context.currentWatermark) {
      return 'FIRE';
    }
    context.registerEventTimeTimer(end);
    return 'CONTINUE';
  }

  onEventTime(time: number, window: Window): TriggerResult {
    return time === maxTimestamp(window) ? 'FIRE' : 'CONTINUE';
  }

  onProcessingTime(): TriggerResult {
    return 'CONTINUE';
  }

  clear(window: Window, context: TriggerContext): void {
    context.deleteEventTimeTimer(maxTimestamp(window));
  }

  canMerge(): boolean {
    return true;
  }

  onMerge(window: Window, context: TriggerContext): void {
    const end = maxTimestamp(window);
    // Beyond that, the element that merged the windows fires the new one.
    if (end > context.currentWatermark) {
      context.registerEventTimeTimer(end);
    }
  }

  toString(): string {
    return 'EventTimeTrigger()';
  }
}
