// Two streams whose elements are to be brought together by their keys: first the keys are said, then the windows.
import type { TypeInformation } from '../../api/type-information.ts';
import type { AttachTwoInputOperator } from './attach-operator.ts';
import { CoGroupedWindows, JoinedWindows } from './joined-windows.ts';
import type { TaggedUnion } from './tagged-union.ts';
import type { Window } from './window.ts';
import type { WindowAssigner } from './window-assigner.ts';

/** Two streams with the same keys. */
export interface KeyedPair<T1, T2> {
  readonly firstType: TypeInformation<T1>;
  readonly secondType: TypeInformation<T2>;
  readonly attach: AttachTwoInputOperator<T1, T2>;
}

/** Gives two streams keys of one type. */
export type KeyStreams<T1, T2> = <K>(
  first: (element: T1) => K,
  second: (element: T2) => K,
  keyType: TypeInformation<K>,
) => KeyedPair<T1, T2>;

/**
 * Two streams to be joined: each element with those of the other stream that have its key and are in the same window.
 *
 * @example
 * ```ts
 * orders
 *   .join(payments)
 *   .where((order) => order.id, Types.STRING)
 *   .equalTo((payment) => payment.orderId)
 *   .window(TumblingEventTimeWindows.of('1 h'))
 *   .apply((order, payment) => ({ ...order, paid: payment.amount }));
 * ```
 */
export class JoinedStreams<T1, T2> {
  readonly #keyStreams: KeyStreams<T1, T2>;

  /** @internal */
  constructor(keyStreams: KeyStreams<T1, T2>) {
    this.#keyStreams = keyStreams;
  }

  /** The key of the first stream's elements. */
  where<K>(first: (element: T1) => K, keyType: TypeInformation<K>): EqualTo<T2, K, WindowedJoin<T1, T2>> {
    return {
      equalTo: (second) => {
        const pair = this.#keyStreams(first, second, keyType);
        return { window: (assigner) => new JoinedWindows(assigner, pair) };
      },
    };
  }
}

/** Two streams whose elements of a key and window are to be handed to a function together. */
export class CoGroupedStreams<T1, T2> {
  readonly #keyStreams: KeyStreams<T1, T2>;

  /** @internal */
  constructor(keyStreams: KeyStreams<T1, T2>) {
    this.#keyStreams = keyStreams;
  }

  /** The key of the first stream's elements. */
  where<K>(first: (element: T1) => K, keyType: TypeInformation<K>): EqualTo<T2, K, WindowedCoGroup<T1, T2>> {
    return {
      equalTo: (second) => {
        const pair = this.#keyStreams(first, second, keyType);
        return { window: (assigner) => new CoGroupedWindows(assigner, pair) };
      },
    };
  }
}

/** Two streams, of which the first has keys. */
export interface EqualTo<T2, K, S> {
  /** The key of the second stream's elements. */
  equalTo(second: (element: T2) => K): S;
}

/** Two streams to be joined by their keys. */
export interface WindowedJoin<T1, T2> {
  window<W extends Window>(assigner: WindowAssigner<TaggedUnion<T1, T2>, W>): JoinedWindows<T1, T2, W>;
}

/** Two streams to be grouped by their keys. */
export interface WindowedCoGroup<T1, T2> {
  window<W extends Window>(assigner: WindowAssigner<TaggedUnion<T1, T2>, W>): CoGroupedWindows<T1, T2, W>;
}
