// A keyed stream whose elements are grouped in windows, until it is said what is made of them.
import type { AggregateFunction, ReduceFunction } from '../../api/functions.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { SingleOutputStreamOperator } from '../data-stream.ts';
import { type FunctionOr, functionMaker } from '../functions/function-object.ts';
import type { ProcessWindowFunction, WindowFunction } from '../functions/window-functions.ts';
import type { OutputTag } from '../operators/output.ts';
import { processWith } from './apply-function.ts';
import type { AttachOperator } from './attach-operator.ts';
import { maxByOf, maxOf, minByOf, minOf, sumOf } from './field-reductions.ts';
import type { Window } from './window.ts';
import type { WindowAssigner } from './window-assigner.ts';
import { aggregatedContents, elementContents, reducedContents, type WindowContents } from './window-contents.ts';
import { windowOperator } from './window-operator.ts';
import type { WindowFunctions } from './window-plan.ts';
import { WindowSettingsBuilder } from './window-settings-builder.ts';

/** What a {@link WindowedStream} is made of. */
export interface WindowedStreamParts<T> {
  readonly elementType: TypeInformation<T>;
  /** That of accumulators whose type is not given. */
  readonly defaultType: TypeInformation<unknown>;
  readonly attach: AttachOperator<T>;
}

/** Types of what is aggregated. */
export interface AggregateTypes<ACC, R> {
  /** Of the accumulator, which is kept in state. */
  readonly accumulatorType?: TypeInformation<ACC>;
  /** Of what is put out. */
  readonly resultType?: TypeInformation<R>;
}

/** A function of windows, or its one method. */
export type GivenWindowFunction<IN, OUT, K, W extends Window> = FunctionOr<
  ProcessWindowFunction<IN, OUT, K, W>,
  'process'
>;

/** What a window's function makes of what the window comes to, and where. */
interface Computation<T, E, R, K, W extends Window> {
  readonly contents: WindowContents<T, E>;
  readonly function?: GivenWindowFunction<E, R, K, W>;
  readonly makeFunctions?: () => WindowFunctions<E, R, K, W>;
  readonly resultType: TypeInformation<R> | undefined;
}

/**
 * A keyed stream whose elements are grouped in windows. The last call says what is made of each key's windows, and answers
 * the stream of that; its elements have the last timestamp of their window.
 *
 * @typeParam T - the elements.
 * @typeParam K - the keys.
 * @typeParam W - the windows.
 */
export class WindowedStream<T, K, W extends Window> extends WindowSettingsBuilder<T, W> {
  readonly #parts: WindowedStreamParts<T>;

  /** @internal */
  constructor(assigner: WindowAssigner<T, W>, parts: WindowedStreamParts<T>) {
    super(assigner);
    this.#parts = parts;
  }

  /** Says where elements go that come too late for their windows; `getSideOutput` of the result gives them. */
  sideOutputLateData(tag: OutputTag<T>): this {
    this.setLateDataTag(tag);
    return this;
  }

  /** Reduces the elements of a window to one as they come, and puts that out. */
  reduce(reduce: ReduceFunction<T>): SingleOutputStreamOperator<T>;
  /** Reduces the elements of a window to one as they come, and hands that to a function. */
  reduce<R>(
    reduce: ReduceFunction<T>,
    windowFunction: GivenWindowFunction<T, R, K, W>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  reduce<R>(
    reduce: ReduceFunction<T>,
    windowFunction?: GivenWindowFunction<T, R, K, W>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const { elementType } = this.#parts;
    const contents = reducedContents(reduce, elementType);
    return windowFunction === undefined
      ? this.#compute({ contents, resultType: elementType as TypeInformation<unknown> as TypeInformation<R> })
      : this.#compute({ contents, function: windowFunction, resultType });
  }

  /** Aggregates the elements of a window as they come, and puts the result out. */
  aggregate<ACC, V>(
    aggregate: AggregateFunction<T, ACC, V>,
    types?: AggregateTypes<ACC, V>,
  ): SingleOutputStreamOperator<V>;
  /** Aggregates the elements of a window as they come, and hands the result to a function. */
  aggregate<ACC, V, R>(
    aggregate: AggregateFunction<T, ACC, V>,
    windowFunction: GivenWindowFunction<V, R, K, W>,
    types?: AggregateTypes<ACC, R>,
  ): SingleOutputStreamOperator<R>;
  aggregate<ACC, V, R>(
    aggregate: AggregateFunction<T, ACC, V>,
    second?: GivenWindowFunction<V, R, K, W> | AggregateTypes<ACC, R>,
    third?: AggregateTypes<ACC, R>,
  ): SingleOutputStreamOperator<R> {
    const isFunction = typeof second === 'function' || (second !== undefined && 'process' in second);
    const types = (isFunction ? third : (second as AggregateTypes<ACC, R> | undefined)) ?? {};
    const accumulatorType = types.accumulatorType ?? (this.#parts.defaultType as TypeInformation<ACC>);
    const contents = aggregatedContents(aggregate, accumulatorType, this.#parts.elementType);
    const { resultType } = types;
    return isFunction
      ? this.#compute({ contents, function: second as GivenWindowFunction<V, R, K, W>, resultType })
      : this.#compute({ contents, resultType });
  }

  /** Hands all elements of a window to a function, which is told of the window as well. */
  process<R>(
    windowFunction: GivenWindowFunction<T, R, K, W>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const contents = elementContents(this.#parts.elementType);
    return this.#compute({ contents, function: windowFunction, resultType });
  }

  /** Hands all elements of a window to a function. */
  apply<R>(
    windowFunction: FunctionOr<WindowFunction<T, R, K, W>, 'apply'>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const make = functionMaker<WindowFunction<T, R, K, W>, 'apply'>(windowFunction, 'apply');
    const makeFunctions = () => {
      const userFunction = make();
      return { function: processWith(userFunction), userFunction };
    };
    return this.#compute({ contents: elementContents(this.#parts.elementType), makeFunctions, resultType });
  }

  /** Puts out the first element of a window with the sum of a field. */
  sum(field: keyof T): SingleOutputStreamOperator<T> {
    return this.reduce(sumOf(field));
  }

  /** Puts out the first element of a window with the least value of a field. */
  min(field: keyof T): SingleOutputStreamOperator<T> {
    return this.reduce(minOf(field));
  }

  /** Puts out the first element of a window with the greatest value of a field. */
  max(field: keyof T): SingleOutputStreamOperator<T> {
    return this.reduce(maxOf(field));
  }

  /** Puts out the element of a window with the least value of a field; the first one of several. */
  minBy(field: keyof T): SingleOutputStreamOperator<T> {
    return this.reduce(minByOf(field));
  }

  /** Puts out the element of a window with the greatest value of a field; the first one of several. */
  maxBy(field: keyof T): SingleOutputStreamOperator<T> {
    return this.reduce(maxByOf(field));
  }

  #compute<E, R>({ resultType, ...computation }: Computation<T, E, R, K, W>): SingleOutputStreamOperator<R> {
    const operator = windowOperator<T, E, R, K, W>({ ...this.settings(), ...computation });
    return this.#parts.attach(this.operatorName('Window'), operator, resultType);
  }
}
