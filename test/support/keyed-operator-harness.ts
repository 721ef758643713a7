// Runs one operator over a real keyed backend, as the runtime does: elements with their keys, watermarks, the clock, and
// snapshots.
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { KeyedStateHandle, RestoreSource } from '../../lib/api/checkpoint.ts';
import type { InternalTimerService } from '../../lib/api/timers.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { OperatorStateBackend } from '../../lib/job/operator-state/operator-state-backend.ts';
import { NO_TIMESTAMP, type OutputTag } from '../../lib/job/operators/output.ts';
import type {
  OneInputOperator,
  OperatorContext,
  OperatorFactory,
  StreamOperator,
  TwoInputOperator,
} from '../../lib/job/operators/stream-operator.ts';
import { MetricRegistry } from '../../lib/metrics/metric-registry.ts';
import type { Bench } from './with-backend.ts';

/** What an operator has put out: records with their timestamps, and watermarks. */
export type PutOut<R> = readonly [value: R, timestamp: number] | { readonly watermark: number };

export interface HarnessOptions<K, O extends StreamOperator, R> {
  readonly bench: Bench;
  readonly keyType: TypeInformation<K>;
  readonly operator: OperatorFactory<O, R>;
  readonly restore?: RestoreSource;
  readonly maxParallelism?: number;
}

export class KeyedOperatorHarness<K, O extends StreamOperator, R> {
  readonly operator: O;
  readonly keyed: KeyedStateBackend<K>;
  readonly metrics: MetricRegistry = new MetricRegistry();
  readonly output: PutOut<R>[] = [];
  readonly #side = new Map<string, (readonly [value: unknown, timestamp: number])[]>();
  readonly #bench: Bench;
  readonly #timers: InternalTimerService<unknown>[] = [];
  #now = 0;

  private constructor(
    { bench, operator }: Pick<HarnessOptions<K, O, R>, 'bench' | 'operator'>,
    keyed: KeyedStateBackend<K>,
  ) {
    this.#bench = bench;
    this.keyed = keyed;
    this.operator = operator(this.#context());
  }

  /** An open operator. */
  static async open<K, O extends StreamOperator, R>(
    options: HarnessOptions<K, O, R>,
  ): Promise<KeyedOperatorHarness<K, O, R>> {
    const { bench, keyType, restore, maxParallelism } = options;
    const keyed = await bench.open({
      keyType,
      ...(restore !== undefined && { restore }),
      ...(maxParallelism !== undefined && { maxParallelism }),
    });
    return KeyedOperatorHarness.over(keyed, options);
  }

  /** An open operator over a given backend. */
  static async over<K, O extends StreamOperator, R>(
    keyed: KeyedStateBackend<K>,
    options: Pick<HarnessOptions<K, O, R>, 'bench' | 'operator'>,
  ): Promise<KeyedOperatorHarness<K, O, R>> {
    const harness = new KeyedOperatorHarness(options, keyed);
    await harness.operator.open?.();
    return harness;
  }

  /** What was put out as records since it was last asked for, as `[value, timestamp]`. */
  takeRecords(): (readonly [value: R, timestamp: number])[] {
    const records = this.output.filter((out) => 'length' in out);
    this.output.length = 0;
    return records as (readonly [value: R, timestamp: number])[];
  }

  /** The values of {@link takeRecords}. */
  takeValues(): R[] {
    return this.takeRecords().map(([value]) => value);
  }

  /** What was put out under a tag, as `[value, timestamp]`. */
  sideOutput(tag: OutputTag<unknown>): readonly (readonly [value: unknown, timestamp: number])[] {
    return this.#side.get(tag.id) ?? [];
  }

  /** Does something with a key selected, such as processing an element. */
  async under(key: K, work: (operator: O) => unknown): Promise<void> {
    this.keyed.setCurrentKey(key);
    await work(this.operator);
  }

  async watermark(timestamp: number): Promise<void> {
    for (const timers of this.#timers) {
      await timers.advanceWatermark(timestamp);
    }
    await this.operator.processWatermark(timestamp);
  }

  /** Sets the clock, which is at 0 at first. */
  async clock(now: number): Promise<void> {
    this.#now = now;
    for (const timers of this.#timers) {
      await timers.advanceProcessingTime(now);
    }
  }

  /** A checkpoint that another harness, with a backend of the same kind, can start from. */
  async snapshot(id: number): Promise<KeyedStateHandle> {
    await this.operator.snapshotState?.(id);
    return this.keyed.snapshot(id, this.#bench.storage).completed;
  }

  async close(): Promise<void> {
    await this.operator.close?.();
    await this.keyed.close();
  }

  /** Rows of state and timers: nothing when all was cleaned up. */
  async leftovers(): Promise<{ rows: number; timers: number }> {
    const timers = this.#timers.map((service) => service.numEventTimeTimers() + service.numProcessingTimeTimers());
    return { rows: await this.keyed.numKeyValueStateEntries(), timers: timers.reduce((sum, count) => sum + count, 0) };
  }

  #context(): OperatorContext<R> {
    const clock = () => this.#now;
    return {
      ...{ operatorName: 'operator', uid: 'operator', subtaskIndex: 0, parallelism: 1, attemptNumber: 0 },
      maxParallelism: this.keyed.maxParallelism,
      output: {
        collect: (value, timestamp) => this.output.push([value, timestamp]),
        collectSide: <X>(tag: OutputTag<X>, value: X, timestamp: number) => {
          this.#side.set(tag.id, [...this.sideOutput(tag), [value, timestamp]]);
        },
        emitWatermark: (watermark) => this.output.push({ watermark }),
        emitStatus: () => {},
      },
      keyed: this.keyed as KeyedStateBackend<unknown>,
      timerService: (name, options) => {
        const keyed = this.keyed as KeyedStateBackend<unknown>;
        const timers = keyed.getTimerService(name, { ...options, clock });
        this.#timers.push(timers as InternalTimerService<unknown>);
        return timers;
      },
      operatorState: new OperatorStateBackend(),
      functions: [],
      ...{ isRestored: false, isCheckpointed: true, watermarkIntervalMs: 200 },
      processingTime: { now: clock, schedule: () => () => {} },
      metricGroup: this.metrics.root,
    };
  }
}

/** Processes an element with its key selected. */
export function processElement<K, T, R>(
  harness: KeyedOperatorHarness<K, OneInputOperator<T>, R>,
  key: K,
  value: T,
  timestamp: number = NO_TIMESTAMP,
): Promise<void> {
  return harness.under(key, (operator) => operator.processElement(value, timestamp));
}

/** Processes an element of the first input with its key selected. */
export function processElement1<K, T1, T2, R>(
  harness: KeyedOperatorHarness<K, TwoInputOperator<T1, T2>, R>,
  key: K,
  value: T1,
  timestamp: number = NO_TIMESTAMP,
): Promise<void> {
  return harness.under(key, (operator) => operator.processElement1(value, timestamp));
}

/** Processes an element of the second input with its key selected. */
export function processElement2<K, T1, T2, R>(
  harness: KeyedOperatorHarness<K, TwoInputOperator<T1, T2>, R>,
  key: K,
  value: T2,
  timestamp: number = NO_TIMESTAMP,
): Promise<void> {
  return harness.under(key, (operator) => operator.processElement2(value, timestamp));
}
