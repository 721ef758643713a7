// A join of two keyed streams by the distance of their times, as a program describes it.
import type { TypeInformation } from '../api/type-information.ts';
import { typeError } from '../errors.ts';
import { ConnectedStreams } from './connected-streams.ts';
import type { KeyedStream, SingleOutputStreamOperator } from './data-stream.ts';
import type { FunctionOr } from './functions/function-object.ts';
import type { ProcessJoinFunction } from './functions/join-functions.ts';
import { type IntervalJoinOptions, intervalJoinOperator } from './operators/interval-join-operator.ts';
import type { OutputTag } from './operators/output.ts';

type Settings<T1, T2> = Pick<
  IntervalJoinOptions<T1, T2, never>,
  'lowerBoundExclusive' | 'upperBoundExclusive' | 'leftLateTag' | 'rightLateTag'
>;

/**
 * Joins each record of a keyed stream with those of another whose times are from `lowerBound` to `upperBound` after its own.
 *
 * @example
 * ```ts
 * orders.intervalJoin(payments).between('-1 min', '5 min').process((order, payment, _, out) => out.collect({ order, payment }));
 * ```
 */
export class IntervalJoin<T1, T2, K> {
  readonly #left: KeyedStream<T1, K>;
  readonly #right: KeyedStream<T2, K>;
  #bounds: { readonly lowerBound: number | string; readonly upperBound: number | string } | undefined;
  #settings: Settings<T1, T2> = {};

  /** @internal */
  constructor(left: KeyedStream<T1, K>, right: KeyedStream<T2, K>) {
    this.#left = left;
    this.#right = right;
  }

  /** Sets how much later the right record is, at least and at most: milliseconds, or text such as `-5 s`. Both count. */
  between(lowerBound: number | string, upperBound: number | string): this {
    this.#bounds = { lowerBound, upperBound };
    return this;
  }

  /** Records exactly at the lower bound are no pair. */
  lowerBoundExclusive(): this {
    return this.#set({ lowerBoundExclusive: true });
  }

  /** Records exactly at the upper bound are no pair. */
  upperBoundExclusive(): this {
    return this.#set({ upperBoundExclusive: true });
  }

  /** Where left records go that come later than the watermark; without a tag they are dropped. */
  sideOutputLeftLateData(tag: OutputTag<T1>): this {
    return this.#set({ leftLateTag: tag });
  }

  /** As {@link sideOutputLeftLateData}. */
  sideOutputRightLateData(tag: OutputTag<T2>): this {
    return this.#set({ rightLateTag: tag });
  }

  /**
   * Gives each pair to a function.
   *
   * @throws TypeError `ERR_INVALID_INTERVAL` without bounds; RangeError `ERR_INVALID_INTERVAL` for a lower above the upper.
   */
  process<R>(
    join: FunctionOr<ProcessJoinFunction<T1, T2, R>, 'processElement'>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    if (this.#bounds === undefined) {
      throw typeError('ERR_INVALID_INTERVAL', 'An interval join needs its bounds; call between(lower, upper) before.');
    }
    const create = intervalJoinOperator<T1, T2, R>({
      ...{ ...this.#bounds, ...this.#settings },
      leftType: this.#left.stateType,
      rightType: this.#right.stateType,
      function: join,
    });
    return new ConnectedStreams(this.#left, this.#right).transform('Interval Join', create, type);
  }

  #set(settings: Settings<T1, T2>): this {
    this.#settings = { ...this.#settings, ...settings };
    return this;
  }
}
