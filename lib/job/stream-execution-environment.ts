// Where a program defines a job, and executes it.
import { pathToFileURL } from 'node:url';
import type { StateBackend } from '../api/backend.ts';
import type { CheckpointStorage } from '../api/checkpoint.ts';
import type { TypeInformation } from '../api/type-information.ts';
import { loadCheckpointStorage, loadStateBackend } from '../backend/load-state-backend.ts';
import { Configuration, type ConfigurationEntries } from '../config/configuration.ts';
import { typeError } from '../errors.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { CheckpointingOptions, StateRecoveryOptions } from '../options/checkpointing-options.ts';
import { PipelineOptions } from '../options/job-options.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { CheckpointStore } from '../storage/checkpoint-store.ts';
import { ambient, type WorkerJob } from './ambient.ts';
import { CheckpointConfig } from './checkpoint-config.ts';
import { adoptRestored } from './coordinator/adopt-restored.ts';
import { type CheckpointSettings, checkpointSettings } from './coordinator/checkpoint-settings.ts';
import { JobExecution, type JobPlan } from './coordinator/job-execution.ts';
import type { JobExecutionResult } from './coordinator/job-status.ts';
import { LATEST, type OpenJobStateOptions, openJobState } from './coordinator/open-job-state.ts';
import { type RestartStrategy, restartStrategyOf } from './coordinator/restart-strategy.ts';
import type { RestoredJob } from './coordinator/restored-job.ts';
import { SingleOutputStreamOperator } from './data-stream.ts';
import { checkCount } from './graph/check-count.ts';
import { toJobGraph } from './graph/job-graph.ts';
import { StreamGraph } from './graph/stream-graph.ts';
import { JobClient } from './job-client.ts';
import { type AsyncIterableOptions, AsyncIterableSource } from './sources/async-iterable-source.ts';
import { CollectionSource } from './sources/collection-source.ts';
import { FileLinesSource } from './sources/file-lines-source.ts';
import { type GeneratorOptions, GeneratorSource } from './sources/generator-source.ts';
import type { Source } from './sources/source.ts';
import { type DurationLike, WatermarkStrategy } from './watermarks/watermark-strategy.ts';

const DEFAULT_NAME = 'Streaming job';

/** How to execute a job. */
export interface ExecuteOptions {
  /** Default: `pipeline.name`, or "Streaming job". */
  readonly jobName?: string;
  /**
   * State to begin with: the directory of a savepoint or checkpoint, of rockstate or of Flink, or `latest` for the newest
   * checkpoint in the job's storage, if there is one. Default: `execution.state-recovery.path`, or none.
   */
  readonly fromSavepoint?: string;
  /** How values of Java classes in a savepoint of Flink are read. */
  readonly savepointTypes?: SavepointTypes;
  /** Threads to run the subtasks in. Default: all run in this one. */
  readonly workers?: WorkerOptions;
}

/** How a job runs in several threads. */
export interface WorkerOptions {
  /** Number of worker threads; a subtask runs in that of its index, modulo this. */
  readonly count: number;
  /**
   * The module that defines the job, as a `file:` URL or path: each worker loads it with the arguments of the process, and
   * takes the first job that it executes. Records and keys that go from one subtask to another must be plain data, as
   * `structuredClone` copies them. What follows `execute` runs in the job's own thread only. Default: what `rockstate run`
   * was given.
   */
  readonly module?: string | URL;
}

/**
 * Defines a job and executes it in this process.
 *
 * @example
 * ```ts
 * const env = StreamExecutionEnvironment.getExecutionEnvironment();
 * env.setStateBackend(new EmbeddedRocksDBStateBackend(true));
 * env.enableCheckpointing('10 s');
 * env.getCheckpointConfig().setCheckpointStorage('file:///var/checkpoints');
 * env.readTextFile('words.txt')
 *   .keyBy((word) => word, Types.STRING)
 *   .process(countWords)
 *   .print();
 * await env.execute('count words');
 * ```
 */
export class StreamExecutionEnvironment {
  /** @internal */
  readonly graph: StreamGraph = new StreamGraph();
  /** Where the metrics of jobs are. */
  readonly metrics: MetricRegistry = new MetricRegistry();
  readonly #config: Configuration;
  readonly #checkpointConfig: CheckpointConfig;
  #backend: StateBackend | undefined;
  #restartStrategy: RestartStrategy | undefined;

  private constructor(config: Configuration) {
    this.#config = config;
    this.#checkpointConfig = new CheckpointConfig(config);
  }

  /** @param config - settings of the program, which go before those that `rockstate run` was given. */
  static getExecutionEnvironment(config: Configuration | ConfigurationEntries = {}): StreamExecutionEnvironment {
    const around = new Configuration(ambient()?.configuration);
    return new StreamExecutionEnvironment(around.addAll(new Configuration(config)));
  }

  /** The settings of this environment, which may be changed. */
  getConfiguration(): Configuration {
    return this.#config;
  }

  getCheckpointConfig(): CheckpointConfig {
    return this.#checkpointConfig;
  }

  getParallelism(): number {
    return this.#config.get(PipelineOptions.PARALLELISM);
  }

  /** Sets the parallelism of operators that have none of their own. */
  setParallelism(parallelism: number): this {
    this.#config.set(PipelineOptions.PARALLELISM, checkCount('parallelism', parallelism));
    return this;
  }

  /** Sets the number of key groups of operators that have none of their own. */
  setMaxParallelism(maxParallelism: number): this {
    this.#config.set(PipelineOptions.MAX_PARALLELISM, checkCount('maxParallelism', maxParallelism));
    return this;
  }

  /** Sets where keyed state is. Default: what `state.backend.type` says. */
  setStateBackend(backend: StateBackend): this {
    this.#backend = backend;
    return this;
  }

  /** Lets a checkpoint be taken from time to time. */
  enableCheckpointing(interval: DurationLike): this {
    this.#checkpointConfig.setCheckpointInterval(interval);
    return this;
  }

  /** Sets what follows a failure. Default: what `restart-strategy.type` says. */
  setRestartStrategy(strategy: RestartStrategy): this {
    this.#restartStrategy = strategy;
    return this;
  }

  /** Lets operators run without a queue between them only where this is not called. */
  disableOperatorChaining(): this {
    this.#config.set(PipelineOptions.OPERATOR_CHAINING, false);
    return this;
  }

  /** Reads a source. */
  fromSource<T, S>(
    source: Source<T, S>,
    watermarks: WatermarkStrategy<T> = WatermarkStrategy.noWatermarks(),
    name = 'Source',
  ): SingleOutputStreamOperator<T> {
    const work = {
      kind: 'source',
      source: source as Source<unknown, unknown>,
      watermarks: watermarks as WatermarkStrategy<unknown>,
    } as const;
    const node = this.graph.add(work, [], { name, outputType: source.type });
    return new SingleOutputStreamOperator(this, node, source.type);
  }

  /** The elements of a collection, in one subtask. */
  fromCollection<T>(values: Iterable<T>, type?: TypeInformation<T>): SingleOutputStreamOperator<T> {
    return this.fromSource(new CollectionSource(values, type), undefined, 'Collection Source').setParallelism(1);
  }

  fromElements<T>(...values: T[]): SingleOutputStreamOperator<T> {
    return this.fromCollection(values);
  }

  /** The lines of text files; of a directory, of the files in it. */
  readTextFile(...paths: string[]): SingleOutputStreamOperator<string> {
    return this.fromSource(new FileLinesSource(...paths), undefined, 'File Source');
  }

  /** The records of an async iterable that can be begun again from a position. */
  fromAsyncIterable<T, P>(options: AsyncIterableOptions<T, P>): SingleOutputStreamOperator<T> {
    return this.fromSource(new AsyncIterableSource(options), undefined, 'Async Iterable Source').setParallelism(1);
  }

  /** Records made of the numbers from 0 on. */
  fromGenerator<T>(make: (index: number) => T, options?: GeneratorOptions<T>): SingleOutputStreamOperator<T> {
    return this.fromSource(new GeneratorSource(make, options), undefined, 'Generator Source');
  }

  /** The numbers from one to another, both among them. */
  fromSequence(from: number, to: number): SingleOutputStreamOperator<number> {
    return this.fromGenerator((index) => from + index, { count: Math.max(0, to - from + 1) });
  }

  /**
   * Executes the job until it ends. A program has one job: a second call executes the same operators again.
   *
   * @throws JobError (as a rejection) when the job fails, and is not started again; RestoreError when the state to begin with
   *   is damaged or does not fit; TypeError or RangeError for a job or configuration that can't work.
   */
  async execute(options: string | ExecuteOptions = {}): Promise<JobExecutionResult> {
    return (await this.executeAsync(options)).result;
  }

  /** Begins to execute the job. Throws, as a rejection, as {@link execute} does, but when the job fails later. */
  async executeAsync(options: string | ExecuteOptions = {}): Promise<JobClient> {
    const given = typeof options === 'string' ? { jobName: options } : options;
    const jobName = given.jobName ?? this.#config.get(PipelineOptions.NAME) ?? DEFAULT_NAME;
    const around = ambient();
    if (around?.join !== undefined) {
      around.join(await this.#workerJob(jobName, given));
      // The job's own thread goes on from here, and ends this one.
      return new Promise(() => {});
    }
    const execution = new JobExecution(await this.#plan(jobName, given));
    const savepointDirectory = this.#config.get(CheckpointingOptions.SAVEPOINT_DIRECTORY);
    const client = new JobClient({ jobName, execution, metrics: this.metrics, savepointDirectory });
    around?.started(client);
    return client;
  }

  async #plan(jobName: string, options: ExecuteOptions): Promise<JobPlan> {
    const config = this.#config;
    const settings = checkpointSettings(config);
    const common = await this.#common(jobName, settings);
    const { graph, isCheckpointed } = common;
    const storage = await this.#storage(common.backend);
    const stored = await storage.list?.();
    const restored = await this.#restored(storage, { ...options, hasNone: stored?.length === 0 });
    return {
      ...{ ...common, settings, storage, restored, slot: undefined },
      graph: adoptRestored(graph, restored, config.get(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE)),
      restartStrategy: this.#restartStrategy ?? restartStrategyOf(config, isCheckpointed),
      firstCheckpointId: Math.max(restored?.checkpointId ?? 0, stored?.at(-1) ?? 0) + 1,
      ...workersOf(options.workers ?? ambient()?.workers),
    };
  }

  async #workerJob(jobName: string, options: ExecuteOptions): Promise<WorkerJob> {
    const openRestored = (location: string) => openJobState(location, this.#opening(options));
    return { ...(await this.#common(jobName, checkpointSettings(this.#config))), openRestored };
  }

  // What the job's own thread and its workers have alike.
  async #common(
    jobName: string,
    { intervalMs, isExactlyOnce }: CheckpointSettings,
  ): Promise<Omit<WorkerJob, 'openRestored'>> {
    const config = this.#config;
    const maxParallelism = config.get(PipelineOptions.MAX_PARALLELISM);
    return {
      graph: toJobGraph(jobName, this.graph.nodes, {
        parallelism: this.getParallelism(),
        maxParallelism: maxParallelism > 0 ? maxParallelism : undefined,
        chains: config.get(PipelineOptions.OPERATOR_CHAINING),
      }),
      backend: await loadStateBackend(config, this.#backend),
      watermarkIntervalMs: config.get(PipelineOptions.AUTO_WATERMARK_INTERVAL),
      isCheckpointed: intervalMs !== undefined,
      isExactlyOnce,
      metrics: this.metrics.root,
    };
  }

  #storage(backend: StateBackend): Promise<CheckpointStorage> {
    const fromCode = this.#checkpointConfig.getCheckpointStorage();
    return loadCheckpointStorage(this.#config, { backend, ...(fromCode && { fromCode }) });
  }

  /** @param options - and whether the storage has no checkpoint yet. */
  async #restored(
    storage: CheckpointStorage,
    options: ExecuteOptions & { readonly hasNone: boolean },
  ): Promise<RestoredJob | undefined> {
    const configured = ambient()?.fromSavepoint ?? this.#config.get(StateRecoveryOptions.SAVEPOINT_PATH);
    const pointer = options.fromSavepoint ?? configured;
    if (pointer === undefined || (pointer === LATEST && options.hasNone)) {
      return undefined;
    }
    return openJobState(pointer, {
      ...this.#opening(options),
      ...(storage instanceof CheckpointStore && { storage }),
    });
  }

  #opening({ savepointTypes }: ExecuteOptions): OpenJobStateOptions {
    const claimMode = this.#config.getOptional(StateRecoveryOptions.RESTORE_MODE);
    return {
      config: this.#config,
      ...(claimMode && { claimMode }),
      ...(savepointTypes && { types: savepointTypes }),
    };
  }
}

function workersOf(workers: WorkerOptions | undefined): Pick<JobPlan, 'workers'> {
  if (workers === undefined) {
    return {};
  }
  const module = workers.module ?? ambient()?.workers?.module;
  checkCount('workers.count', workers.count);
  if (module === undefined) {
    throw typeError('ERR_INVALID_WORKERS', 'workers.module must name the module that defines the job; received none.');
  }
  const url = module instanceof URL || module.startsWith('file:') ? String(module) : pathToFileURL(module).href;
  return { workers: { count: workers.count, module: url, configuration: ambient()?.configuration.toObject() ?? {} } };
}
