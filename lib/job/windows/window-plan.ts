// What a window operator is to do, checked.

import type { TypeInformation } from '../../api/type-information.ts';
import { describe, rangeError, typeError } from '../../errors.ts';
import { type FunctionOr, functionMaker } from '../functions/function-object.ts';
import type { ProcessWindowFunction } from '../functions/window-functions.ts';
import type { OutputTag } from '../operators/output.ts';
import type { Evictor } from './evictors/evictor.ts';
import type { Trigger } from './triggers/trigger.ts';
import type { Window } from './window.ts';
import { isMerging, type WindowAssigner } from './window-assigner.ts';
import type { WindowContents } from './window-contents.ts';

/** Which windows there are, and when they fire. */
export interface WindowSettings<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>;
  /** Default: that of the assigner. */
  readonly trigger?: Trigger<T, W> | undefined;
  readonly evictor?: Evictor<T, W> | undefined;
  /** How long after a window's end elements are still added to it, in milliseconds of event time. Default 0. */
  readonly allowedLateness?: number | undefined;
  /** Where elements go that come later than that. Default: they are dropped. */
  readonly lateDataTag?: OutputTag<T> | undefined;
}

/**
 * What a window operator is made of.
 *
 * @typeParam T - the elements.
 * @typeParam E - what the function gets: elements, or one result of them.
 * @typeParam R - what is put out.
 */
export interface WindowOperatorOptions<T, E, R, K, W extends Window> extends WindowSettings<T, W> {
  readonly contents: WindowContents<T, E>;
  /** Default: puts out each thing that it gets. */
  readonly function?: FunctionOr<ProcessWindowFunction<E, R, K, W>, 'process'> | undefined;
  /** Instead of `function`, where it only calls another one. */
  readonly makeFunctions?: () => WindowFunctions<E, R, K, W>;
}

/** The function of a subtask. */
export interface WindowFunctions<E, R, K, W extends Window> {
  readonly function: ProcessWindowFunction<E, R, K, W>;
  /** That of the program, which is opened and closed, and told of checkpoints. */
  readonly userFunction: object;
}

export interface WindowPlan<T, E, R, K, W extends Window> extends WindowFunctions<E, R, K, W> {
  readonly assigner: WindowAssigner<T, W>;
  readonly trigger: Trigger<T, W>;
  readonly eviction: { readonly evictor: Evictor<T, W>; readonly elementType: TypeInformation<T> } | undefined;
  readonly allowedLateness: number;
  readonly lateDataTag: OutputTag<T> | undefined;
  readonly contents: WindowContents<T, E>;
}

/** What is the same for all subtasks. */
export interface SharedWindowPlan<T, E, R, K, W extends Window>
  extends Omit<WindowPlan<T, E, R, K, W>, keyof WindowFunctions<E, R, K, W>> {
  makeFunctions(): WindowFunctions<E, R, K, W>;
}

/** @throws TypeError or RangeError for parts that do not go together. */
export function planWindows<T, E, R, K, W extends Window>(
  options: WindowOperatorOptions<T, E, R, K, W>,
): SharedWindowPlan<T, E, R, K, W> {
  const { assigner, trigger = assigner.getDefaultTrigger(), contents, lateDataTag } = options;
  if (isMerging(assigner) && trigger.canMerge?.() !== true) {
    throw typeError(
      'ERR_INVALID_TRIGGER',
      `${assigner} merges windows, so it needs a trigger that can merge; ${nameOf(trigger)} can not.`,
    );
  }
  return {
    ...{ assigner, trigger, contents, lateDataTag },
    eviction: evictionOf(options),
    allowedLateness: checkLateness(options.allowedLateness ?? 0),
    makeFunctions: options.makeFunctions ?? functionsOf(options.function ?? (passThrough as never)),
  };
}

function functionsOf<E, R, K, W extends Window>(
  given: FunctionOr<ProcessWindowFunction<E, R, K, W>, 'process'>,
): () => WindowFunctions<E, R, K, W> {
  const make = functionMaker<ProcessWindowFunction<E, R, K, W>, 'process'>(given, 'process');
  return () => {
    const made = make();
    return { function: made, userFunction: made };
  };
}

/** @throws RangeError `ERR_INVALID_LATENESS` for what is no span of time. */
export function checkLateness(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0) {
    throw rangeError(
      'ERR_INVALID_LATENESS',
      `The allowed lateness must be whole milliseconds, not less than 0; received ${describe(ms)}.`,
    );
  }
  return ms;
}

const passThrough: ProcessWindowFunction<unknown, unknown, unknown, Window> = {
  process(_key, _context, elements, out) {
    for (const element of elements) {
      out.collect(element);
    }
  },
};

function evictionOf<T, E, R, K, W extends Window>({
  evictor,
  contents: { elementType },
}: WindowOperatorOptions<T, E, R, K, W>): WindowPlan<T, E, R, K, W>['eviction'] {
  if (evictor === undefined) {
    return undefined;
  }
  if (elementType === undefined) {
    throw typeError(
      'ERR_INVALID_EVICTOR',
      'A window with an evictor keeps its elements, so it needs their type; received none.',
    );
  }
  return { evictor, elementType };
}

function nameOf(part: object): string {
  return Object.hasOwn(part, 'toString') || part.toString !== Object.prototype.toString ? `${part}` : describe(part);
}
