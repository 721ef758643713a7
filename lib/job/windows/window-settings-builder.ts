// What can be said of windows before it is said what is made of them.

import type { OutputTag } from '../operators/output.ts';
import type { DurationLike } from '../watermarks/watermark-strategy.ts';
import type { Evictor } from './evictors/evictor.ts';
import type { Trigger } from './triggers/trigger.ts';
import type { Window } from './window.ts';
import type { WindowAssigner } from './window-assigner.ts';
import { toMilliseconds } from './window-duration.ts';
import { checkLateness, type WindowSettings } from './window-plan.ts';

/** Builders of windows: each call changes the builder and answers it. */
export abstract class WindowSettingsBuilder<T, W extends Window> {
  /** @internal */
  protected readonly assigner: WindowAssigner<T, W>;
  #trigger: Trigger<T, W> | undefined;
  #evictor: Evictor<T, W> | undefined;
  #allowedLateness = 0;
  #lateDataTag: OutputTag<T> | undefined;

  constructor(assigner: WindowAssigner<T, W>) {
    this.assigner = assigner;
  }

  /** Says when windows fire. Default: at their end, in the time of the assigner. */
  trigger(trigger: Trigger<T, W>): this {
    this.#trigger = trigger;
    return this;
  }

  /** Says which elements are dropped when a window fires. The window keeps all its elements then, also to reduce them. */
  evictor(evictor: Evictor<T, W>): this {
    this.#evictor = evictor;
    return this;
  }

  /**
   * Says how long after a window's end elements are still added to it, each of which fires it again. Only in event time.
   *
   * @param lateness - milliseconds, or text such as `'1 min'`.
   * @throws RangeError `ERR_INVALID_LATENESS` for less than 0, `ERR_INVALID_WINDOW` for what is no span of time.
   */
  allowedLateness(lateness: DurationLike): this {
    this.#allowedLateness = checkLateness(toMilliseconds('The allowed lateness', lateness));
    return this;
  }

  /** @internal */
  protected setLateDataTag(tag: OutputTag<T>): void {
    this.#lateDataTag = tag;
  }

  /** @internal */
  protected settings(): WindowSettings<T, W> {
    return {
      assigner: this.assigner,
      trigger: this.#trigger,
      evictor: this.#evictor,
      allowedLateness: this.#allowedLateness,
      lateDataTag: this.#lateDataTag,
    };
  }

  /** As in `Window(TumblingEventTimeWindows(10000), EventTimeTrigger())`. @internal */
  protected operatorName(kind: string): string {
    const parts = [this.assigner, this.#trigger ?? this.assigner.getDefaultTrigger(), this.#evictor];
    return `${kind}(${parts.filter((part) => part !== undefined).join(', ')})`;
  }
}
