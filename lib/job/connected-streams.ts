// Two streams as the inputs of one operator.
import type { TypeInformation } from '../api/type-information.ts';
import { typeError } from '../errors.ts';
import { type DataStream, SingleOutputStreamOperator } from './data-stream.ts';
import type { FunctionClass } from './functions/function-object.ts';
import type { CoFlatMapFunction, CoMapFunction } from './functions/map-functions.ts';
import type { CoProcessFunction, KeyedCoProcessFunction } from './functions/process-functions.ts';
import type { StreamKey } from './graph/partitioning.ts';
import { twoInputs } from './graph/stream-graph.ts';
import { keyedCoProcessOperator } from './operators/keyed-process-operator.ts';
import { coFlatMapOperator, coMapOperator } from './operators/map-operators.ts';
import { coProcessOperator } from './operators/process-operator.ts';
import type { OperatorFactory, TwoInputOperator } from './operators/stream-operator.ts';

/** A stream, and its key where it is keyed. */
export interface KeyableStream<T> extends DataStream<T> {
  /** @internal */
  readonly key?: StreamKey;
}

/** Two streams, whose records meet in an operator. Where both are keyed, they share keyed state. */
export class ConnectedStreams<T1, T2> {
  readonly #first: KeyableStream<T1>;
  readonly #second: KeyableStream<T2>;

  /** @internal */
  constructor(first: KeyableStream<T1>, second: KeyableStream<T2>) {
    this.#first = first;
    this.#second = second;
  }

  /** Makes a record of each record. */
  map<R>(
    mapper: CoMapFunction<T1, T2, R> | FunctionClass<CoMapFunction<T1, T2, R>>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    return this.transform('Co-Map', coMapOperator(mapper), type);
  }

  /** Makes any number of records of each record. */
  flatMap<R>(
    mapper: CoFlatMapFunction<T1, T2, R> | FunctionClass<CoFlatMapFunction<T1, T2, R>>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    return this.transform('Co-Flat Map', coFlatMapOperator(mapper), type);
  }

  /**
   * Gives the records to a function: of two keyed streams, one with state and timers.
   *
   * @throws TypeError `ERR_INVALID_FUNCTION` for a function with timers on streams that are not keyed.
   */
  process<K, R>(
    process:
      | CoProcessFunction<T1, T2, R>
      | FunctionClass<CoProcessFunction<T1, T2, R>>
      | KeyedCoProcessFunction<K, T1, T2, R>
      | FunctionClass<KeyedCoProcessFunction<K, T1, T2, R>>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    if (this.#first.key !== undefined && this.#second.key !== undefined) {
      return this.transform(
        'Co-Keyed-Process',
        keyedCoProcessOperator<K, T1, T2, R>(process as KeyedCoProcessFunction<K, T1, T2, R>),
        type,
      );
    }
    if ('onTimer' in (typeof process === 'function' ? process.prototype : process)) {
      throw typeError(
        'ERR_INVALID_FUNCTION',
        'Timers belong to keys: both connected streams must be keyed for onTimer.',
      );
    }
    return this.transform('Co-Process', coProcessOperator(process as CoProcessFunction<T1, T2, R>), type);
  }

  /** Adds an operator of two inputs: for the library, and for operators of a program's own. */
  transform<R>(
    name: string,
    create: OperatorFactory<TwoInputOperator<T1, T2>, R>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const { environment } = this.#first;
    const inputs = [this.#first, this.#second].map(({ origins, key }) => ({ origins, key }));
    const node = environment.graph.add(twoInputs(create), inputs, { name, outputType: type });
    return new SingleOutputStreamOperator(environment, node, type);
  }
}
