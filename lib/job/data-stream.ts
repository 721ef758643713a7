// Streams of a program, as Flink's DataStream API has them: each method adds an operator to the job.
import type { ReduceFunction } from '../api/functions.ts';
import type { TypeInformation } from '../api/type-information.ts';
import type { GlobalWindow } from '../bytes/global-window.ts';
import { Types } from '../bytes/types.ts';
import { describe, typeError } from '../errors.ts';
import { BroadcastConnectedStream, type BroadcastStateDescriptor, BroadcastStream } from './broadcast-stream.ts';
import { ConnectedStreams } from './connected-streams.ts';
import type { FunctionOr } from './functions/function-object.ts';
import type { FilterFunction, FlatMapFunction, MapFunction } from './functions/map-functions.ts';
import type { KeyedProcessFunction, ProcessFunction } from './functions/process-functions.ts';
import { checkCount } from './graph/check-count.ts';
import type { KeySelector, KeyType, Partitioning, StreamKey } from './graph/partitioning.ts';
import { oneInput } from './graph/stream-graph.ts';
import type { Origin, StreamNode } from './graph/stream-node.ts';
import { IntervalJoin } from './interval-join.ts';
import { keyedProcessOperator } from './operators/keyed-process-operator.ts';
import { keyedReduceOperator } from './operators/keyed-reduce-operator.ts';
import { filterOperator, flatMapOperator, mapOperator } from './operators/map-operators.ts';
import type { OutputTag } from './operators/output.ts';
import { processOperator } from './operators/process-operator.ts';
import type { OneInputOperator, OperatorFactory } from './operators/stream-operator.ts';
import { timestampsOperator } from './operators/timestamps-operator.ts';
import { CollectSink } from './sinks/collect-sink.ts';
import { functionSink, printSink } from './sinks/simple-sinks.ts';
import type { Sink } from './sinks/sink.ts';
import { SinkOperator } from './sinks/sink-operator.ts';
import type { StreamExecutionEnvironment } from './stream-execution-environment.ts';
import { StreamSink } from './stream-sink.ts';
import type { WatermarkStrategy } from './watermarks/watermark-strategy.ts';
import { GlobalWindows } from './windows/assigners/global-windows.ts';
import { CountEvictor } from './windows/evictors/count-evictor.ts';
import { CoGroupedStreams, JoinedStreams, type KeyStreams } from './windows/joined-streams.ts';
import { CountTrigger } from './windows/triggers/count-trigger.ts';
import { PurgingTrigger } from './windows/triggers/purging-trigger.ts';
import type { Window } from './windows/window.ts';
import type { WindowAssigner } from './windows/window-assigner.ts';
import { WindowedStream } from './windows/windowed-stream.ts';

/** What a stream is made of. */
export interface StreamParts<T> {
  readonly environment: StreamExecutionEnvironment;
  readonly origins: readonly Origin[];
  /** Of the records, where it is known. */
  readonly type: TypeInformation<T> | undefined;
}

/**
 * Records on their way through a job. A stream is a description: nothing happens before the environment's `execute`.
 *
 * Records are handed from one operator to the next as they are, and kept in memory as they are: a function must not change
 * those that it was given.
 */
export class DataStream<T> {
  readonly environment: StreamExecutionEnvironment;
  /** @internal */
  readonly origins: readonly Origin[];
  /** Of the records, where a source, `returns` or a method's argument has said it. */
  readonly type: TypeInformation<T> | undefined;

  /** @internal */
  constructor({ environment, origins, type }: StreamParts<T>) {
    this.environment = environment;
    this.origins = origins;
    this.type = type;
  }

  /**
   * Makes a record of each record.
   *
   * @param type - of what is made: needed where state is to hold it; JSON otherwise.
   */
  map<R>(mapper: FunctionOr<MapFunction<T, R>, 'map'>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    return this.transform('Map', mapOperator(mapper), type);
  }

  /** Keeps the records that the function answers true for. */
  filter(filter: FunctionOr<FilterFunction<T>, 'filter'>): SingleOutputStreamOperator<T> {
    return this.transform('Filter', filterOperator(filter), this.type);
  }

  /** Makes any number of records of each record. */
  flatMap<R>(
    mapper: FunctionOr<FlatMapFunction<T, R>, 'flatMap'>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    return this.transform('Flat Map', flatMapOperator(mapper), type);
  }

  /** Gives each record to a function that knows its timestamp, and may put records out to the side. */
  process<R>(
    process: FunctionOr<ProcessFunction<T, R>, 'processElement'>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    return this.transform('Process', processOperator(process), type);
  }

  /**
   * Partitions the stream by a key, which keyed state belongs to.
   *
   * @param keyType - a type that can be a key, such as `Types.STRING`.
   * @throws TypeError `ERR_INVALID_KEY_TYPE` for any other.
   */
  keyBy<K>(keySelector: KeySelector<T, K>, keyType: TypeInformation<K>): KeyedStream<T, K> {
    if (typeof keySelector !== 'function') {
      throw typeError(
        'ERR_INVALID_FUNCTION',
        `keyBy needs a function from records to keys; received ${describe(keySelector)}.`,
      );
    }
    if (keyType?.hashCode === undefined) {
      throw typeError(
        'ERR_INVALID_KEY_TYPE',
        `keyBy needs the type of the keys, one that can be a key such as Types.STRING; received ${describe(keyType?.name ?? keyType)}.`,
      );
    }
    const key = { keySelector, keyType: keyType as KeyType<K> };
    return new KeyedStream({ ...this.#partitioned({ kind: 'hash', ...key } as unknown as Partitioning), key });
  }

  /** All records of this stream and of others of the same type, in no order among each other. */
  union(...others: readonly DataStream<T>[]): DataStream<T> {
    const origins = [this, ...others].flatMap((stream) => stream.origins);
    const type = others.every((stream) => stream.type?.serializer.id === this.type?.serializer.id)
      ? this.type
      : undefined;
    return new DataStream({ environment: this.environment, origins, type });
  }

  /** This stream and another one, of another type, as the two inputs of an operator. */
  connect<T2>(other: DataStream<T2>): ConnectedStreams<T, T2>;
  /** This stream, and one that every subtask gets whole. */
  connect<T2>(other: BroadcastStream<T2>): BroadcastConnectedStream<T, T2>;
  connect<T2>(other: DataStream<T2> | BroadcastStream<T2>): ConnectedStreams<T, T2> | BroadcastConnectedStream<T, T2> {
    return other instanceof BroadcastStream
      ? new BroadcastConnectedStream(this, other)
      : new ConnectedStreams(this, other);
  }

  /**
   * Pairs the records of this stream with those of another one that have the same key in the same window.
   *
   * @example
   * ```ts
   * orders.join(payments)
   *   .where((order) => order.id, Types.LONG)
   *   .equalTo((payment) => payment.orderId)
   *   .window(TumblingEventTimeWindows.of('1 min'))
   *   .apply((order, payment) => ({ order, payment }));
   * ```
   */
  join<T2>(other: DataStream<T2>): JoinedStreams<T, T2> {
    return new JoinedStreams(this.#keyStreams(other));
  }

  /** As {@link join}, with all records of both streams that a key has in a window at once. */
  coGroup<T2>(other: DataStream<T2>): CoGroupedStreams<T, T2> {
    return new CoGroupedStreams(this.#keyStreams(other));
  }

  /** Gives the records timestamps and makes watermarks, instead of those that there are. */
  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): SingleOutputStreamOperator<T> {
    return this.transform('Timestamps/Watermarks', timestampsOperator(strategy), this.type);
  }

  /** Records go to the next operator's subtasks in turn. */
  rebalance(): DataStream<T> {
    return new DataStream(this.#partitioned({ kind: 'rebalance' }));
  }

  /** Records go to the next operator's subtasks by chance. */
  shuffle(): DataStream<T> {
    return new DataStream(this.#partitioned({ kind: 'shuffle' }));
  }

  /** Each record goes to every subtask of the next operator. */
  broadcast(): DataStream<T>;
  /**
   * Each record goes to every subtask of the operator that another stream meets this one in.
   *
   * @param descriptors - of the states that the records are kept in there.
   * @example
   * ```ts
   * const rules = new MapStateDescriptor('rules', Types.STRING, Types.JSON<Rule>());
   * orders.keyBy(({ customer }) => customer, Types.STRING).connect(changes.broadcast(rules)).process(ApplyRules);
   * ```
   */
  broadcast(...descriptors: readonly [BroadcastStateDescriptor, ...BroadcastStateDescriptor[]]): BroadcastStream<T>;
  broadcast(...descriptors: readonly BroadcastStateDescriptor[]): DataStream<T> | BroadcastStream<T> {
    const stream = new DataStream(this.#partitioned({ kind: 'broadcast' }));
    return descriptors.length === 0 ? stream : new BroadcastStream(stream, descriptors);
  }

  /** All records go to the first subtask of the next operator. */
  global(): DataStream<T> {
    return new DataStream(this.#partitioned({ kind: 'global' }));
  }

  /** Records stay in their subtask: the next operator must have the same parallelism. */
  forward(): DataStream<T> {
    return new DataStream(this.#partitioned({ kind: 'forward' }));
  }

  /**
   * Records go where a function says.
   *
   * @param partition - answers the index of a subtask of the next operator, from 0 to the number of them less one.
   */
  partitionCustom(partition: (value: T, numPartitions: number) => number): DataStream<T> {
    return new DataStream(this.#partitioned({ kind: 'custom', partition: partition as (value: unknown) => number }));
  }

  /** Writes the records to a sink. */
  sinkTo<C>(sink: Sink<T, C>): StreamSink {
    const create = (context: Parameters<OperatorFactory<SinkOperator, never>>[0]) =>
      new SinkOperator(sink as Sink<unknown, unknown>, context);
    const node = this.environment.graph.add(oneInput(create), [{ origins: this.origins }], { name: 'Sink' });
    return new StreamSink(node);
  }

  /** Calls a function with each record: at least once, as after a failure those since the last checkpoint come again. */
  addSink(write: (value: T) => void | Promise<void>): StreamSink {
    return this.sinkTo(functionSink(write));
  }

  /** Prints each record on a line. */
  print(name?: string): StreamSink {
    return this.sinkTo(printSink(name) as Sink<T>).name('Print');
  }

  /**
   * Executes the job and answers this stream's records, each once, in no order where there are several subtasks. They are
   * kept in memory until the job ends.
   *
   * @throws JobError (as a rejection) when the job fails.
   */
  async executeAndCollect(jobName?: string): Promise<T[]> {
    const sink = new CollectSink<T>();
    this.sinkTo(sink).name('Collect');
    await this.environment.execute(jobName);
    return [...sink.collected];
  }

  /** Adds an operator of one input: for the library, and for operators of a program's own. */
  transform<R>(
    name: string,
    create: OperatorFactory<OneInputOperator<T>, R>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const { environment, origins } = this;
    const node = environment.graph.add(oneInput(create), [{ origins }], { name, outputType: type });
    return new SingleOutputStreamOperator(environment, node, type);
  }

  #keyStreams<T2>(other: DataStream<T2>): KeyStreams<T, T2> {
    return (first, second, keyType) => {
      const left = this.keyBy(first, keyType);
      const right = other.keyBy(second, keyType);
      const connected = left.connect(right);
      return {
        firstType: left.stateType,
        secondType: right.stateType,
        attach: (name, create, type) => connected.transform(name, create, type),
      };
    };
  }

  #partitioned(partitioning: Partitioning): StreamParts<T> {
    const origins = this.origins.map((origin) => ({ ...origin, partitioning }));
    return { environment: this.environment, origins, type: this.type };
  }
}

/** The output of an operator, which may be given a name, an id and a parallelism. */
export class SingleOutputStreamOperator<T> extends DataStream<T> {
  readonly #node: StreamNode;

  /** @internal */
  constructor(environment: StreamExecutionEnvironment, node: StreamNode, type: TypeInformation<T> | undefined) {
    super({ environment, origins: [{ node, tag: undefined, partitioning: undefined }], type });
    this.#node = node;
  }

  /** Names the operator in messages and metrics. */
  name(name: string): this {
    this.#node.name = name;
    return this;
  }

  /** Names the operator's state in checkpoints and savepoints: it must stay as it is for the state to be found again. */
  uid(uid: string): this {
    this.#node.uid = uid;
    return this;
  }

  setParallelism(parallelism: number): this {
    this.#node.parallelism = checkCount('parallelism', parallelism);
    return this;
  }

  /** Sets the number of key groups, which limits the parallelism and can't change any more once there is state. */
  setMaxParallelism(maxParallelism: number): this {
    this.#node.maxParallelism = checkCount('maxParallelism', maxParallelism);
    return this;
  }

  /** Always puts a queue before the operator. */
  disableChaining(): this {
    this.#node.chainsToInput = false;
    return this;
  }

  /** Says of which type the records are, for state that is to hold them. */
  returns(type: TypeInformation<T>): SingleOutputStreamOperator<T> {
    this.#node.outputType = type;
    return new SingleOutputStreamOperator(this.environment, this.#node, type);
  }

  /** The records that the operator puts out under a tag. */
  getSideOutput<X>(tag: OutputTag<X>, type?: TypeInformation<X>): DataStream<X> {
    const origin: Origin = { node: this.#node, tag, partitioning: undefined };
    return new DataStream({ environment: this.environment, origins: [origin], type });
  }
}

/** What a keyed stream is made of. */
export interface KeyedStreamParts<T, K> extends StreamParts<T> {
  readonly key: StreamKey<T, K>;
}

/** A stream partitioned by a key: all records of a key go to the same subtask, which has the key's state. */
export class KeyedStream<T, K> extends DataStream<T> {
  /** @internal */
  readonly key: StreamKey;
  readonly keyType: TypeInformation<K>;

  /** @internal */
  constructor(parts: KeyedStreamParts<T, K>) {
    super(parts);
    this.key = parts.key as unknown as StreamKey;
    this.keyType = parts.key.keyType;
  }

  /** The type that state holds the records with: JSON where none is known. */
  get stateType(): TypeInformation<T> {
    return this.type ?? Types.JSON<T>();
  }

  /** Gives each record to a function with state and timers of the record's key. */
  override process<R>(
    process: FunctionOr<KeyedProcessFunction<K, T, R>, 'processElement'>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    return this.transform('Keyed Process', keyedProcessOperator(process), type);
  }

  /**
   * Reduces the records of each key to one as they come; puts out what that comes to after each.
   *
   * @param type - of the records, in state. Default: that of the stream, or JSON.
   */
  reduce(reduce: ReduceFunction<T>, type: TypeInformation<T> = this.stateType): SingleOutputStreamOperator<T> {
    return this.transform('Keyed Reduce', keyedReduceOperator(reduce, type), type);
  }

  /** Collects the records of each key in windows. */
  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W> {
    return new WindowedStream(assigner, {
      elementType: this.stateType,
      defaultType: Types.JSON(),
      attach: (name, create, type) => this.transform(name, create, type),
    });
  }

  /** Collects each key's records by their number: every `size` of them or, with `slide`, the last `size` after every `slide`. */
  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow> {
    const windows = this.window(GlobalWindows.create());
    return slide === undefined
      ? windows.trigger(PurgingTrigger.of(CountTrigger.of(size)))
      : windows.evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide));
  }

  /** Joins the records of another stream with the same keys whose times are close to those of this one. */
  intervalJoin<T2>(other: KeyedStream<T2, K>): IntervalJoin<T, T2, K> {
    return new IntervalJoin(this, other);
  }

  override transform<R>(
    name: string,
    create: OperatorFactory<OneInputOperator<T>, R>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const { environment, key, origins } = this;
    const node = environment.graph.add(oneInput(create), [{ origins, key }], { name, outputType: type });
    return new SingleOutputStreamOperator(environment, node, type);
  }
}
