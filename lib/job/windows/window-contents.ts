// What a window holds: its elements, or what they were reduced or aggregated to as they came.
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
} from '../../api/descriptors.ts';
import type { AggregateFunction, ReduceFunction } from '../../api/functions.ts';
import type { AppendingState } from '../../api/state.ts';
import type { TypeInformation } from '../../api/type-information.ts';

// Flink's name: its savepoints have the state.
export const WINDOW_CONTENTS = 'window-contents';

/**
 * How a window holds what is added to it.
 *
 * @typeParam T - what is added.
 * @typeParam E - what the window's function gets.
 */
export interface WindowContents<T, E> {
  /** What elements are added to. */
  readonly descriptor: StateDescriptor<AppendingState<T, unknown>>;
  /** The type of the elements, as far as it is known: windows with an evictor hold elements. */
  readonly elementType: TypeInformation<T> | undefined;
  /** What the function gets of what `get()` of the state answers; nothing where that is nothing. */
  fromState(stored: unknown): readonly E[];
  /** The same of elements, where an evictor has left some. */
  fromElements(elements: readonly T[]): readonly E[];
}

/** All elements, in a list. */
export function elementContents<T>(type: TypeInformation<T>): WindowContents<T, T> {
  return {
    descriptor: new ListStateDescriptor(WINDOW_CONTENTS, type),
    elementType: type,
    fromState: (stored) => stored as T[],
    fromElements: (elements) => elements,
  };
}

/** The elements, reduced to one as they come. */
export function reducedContents<T>(reduce: ReduceFunction<T>, type: TypeInformation<T>): WindowContents<T, T> {
  return {
    descriptor: new ReducingStateDescriptor(WINDOW_CONTENTS, reduce, type),
    elementType: type,
    fromState: single,
    fromElements: (elements) =>
      elements.length === 0 ? [] : [elements.reduce((first, second) => reduce(first, second))],
  };
}

/** An accumulator that the elements are added to as they come; the function gets its result. */
export function aggregatedContents<T, ACC, R>(
  aggregate: AggregateFunction<T, ACC, R>,
  accumulatorType: TypeInformation<ACC>,
  elementType?: TypeInformation<T>,
): WindowContents<T, R> {
  return {
    descriptor: new AggregatingStateDescriptor(WINDOW_CONTENTS, aggregate, accumulatorType),
    elementType,
    fromState: single,
    fromElements(elements) {
      const all = elements.reduce((sum, element) => aggregate.add(element, sum), aggregate.createAccumulator());
      return single(aggregate.getResult(all));
    },
  };
}

function single<E>(stored: unknown): readonly E[] {
  return stored === undefined ? [] : [stored as E];
}
