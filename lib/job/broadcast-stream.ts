// A stream that goes to every subtask whole, to be kept in state there, and its meeting with another stream.
import type { MapStateDescriptor } from '../api/descriptors.ts';
import type { TypeInformation } from '../api/type-information.ts';
import type { KeyableStream } from './connected-streams.ts';
import { type DataStream, SingleOutputStreamOperator } from './data-stream.ts';
import type { BroadcastProcessFunction, KeyedBroadcastProcessFunction } from './functions/broadcast-functions.ts';
import type { FunctionClass } from './functions/function-object.ts';
import { twoInputs } from './graph/stream-graph.ts';
import { broadcastProcessOperator, keyedBroadcastProcessOperator } from './operators/broadcast-process-operator.ts';
import type { AnyBroadcastDescriptor } from './operators/broadcast-states.ts';

/** Any map state, whatever its keys and values. */
// biome-ignore lint/suspicious/noExplicitAny: types of keys and values stand on both sides of functions.
export type BroadcastStateDescriptor = MapStateDescriptor<any, any>;

/** A stream that every subtask gets whole, with the states that keep it: rules, for example. `connect` takes it. */
export class BroadcastStream<T> {
  readonly stream: DataStream<T>;
  readonly descriptors: readonly BroadcastStateDescriptor[];

  /** @internal */
  constructor(stream: DataStream<T>, descriptors: readonly BroadcastStateDescriptor[]) {
    this.stream = stream;
    this.descriptors = descriptors;
  }
}

/** A stream, keyed or not, and one that is broadcast beside it. */
export class BroadcastConnectedStream<T1, T2> {
  readonly #first: KeyableStream<T1>;
  readonly #second: BroadcastStream<T2>;

  /** @internal */
  constructor(first: KeyableStream<T1>, second: BroadcastStream<T2>) {
    this.#first = first;
    this.#second = second;
  }

  /**
   * Gives the records to a function: of a keyed stream, one with state and timers.
   *
   * @throws TypeError `ERR_INVALID_FUNCTION` for what has not both methods.
   */
  process<K, R>(
    process:
      | KeyedBroadcastProcessFunction<K, T1, T2, R>
      | FunctionClass<KeyedBroadcastProcessFunction<K, T1, T2, R>>
      | BroadcastProcessFunction<T1, T2, R>
      | FunctionClass<BroadcastProcessFunction<T1, T2, R>>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const { environment, key, origins } = this.#first;
    const descriptors = this.#second.descriptors as readonly AnyBroadcastDescriptor[];
    const create =
      key === undefined
        ? broadcastProcessOperator(process as BroadcastProcessFunction<T1, T2, R>, descriptors)
        : keyedBroadcastProcessOperator(process as KeyedBroadcastProcessFunction<K, T1, T2, R>, descriptors);
    const inputs = [{ origins, key }, { origins: this.#second.stream.origins }];
    const name = key === undefined ? 'Co-Process-Broadcast' : 'Co-Process-Broadcast-Keyed';
    const node = environment.graph.add(twoInputs(create), inputs, { name, outputType: type });
    return new SingleOutputStreamOperator(environment, node, type);
  }
}
