// Measures calls of one operation of a state.
import type { SampledHistograms, Sampler } from './sampled-histograms.ts';
import type { Operation, Sized } from './state-operations.ts';
import type { StateSizes } from './state-sizes.ts';

/** Where the measurements of a state go; absent where a kind of tracking is off. */
export interface StateMetrics {
  readonly latency: SampledHistograms | undefined;
  readonly size: SampledHistograms | undefined;
  readonly sizes: StateSizes;
  namespace(): unknown;
}

export type Method = (...args: readonly unknown[]) => unknown;

const NANOS_PER_MILLI = 1e6;
const NO_ARGUMENTS: readonly unknown[] = [];

export class OperationTracking {
  readonly #operation: Operation;
  readonly #metrics: StateMetrics;
  readonly #timeSampler: Sampler | undefined;
  readonly #sizeSampler: Sampler | undefined;
  #isTimed = false;
  #isSized = false;

  constructor(operation: Operation, metrics: StateMetrics) {
    this.#operation = operation;
    this.#metrics = metrics;
    this.#timeSampler = metrics.latency?.sampler();
    this.#sizeSampler = operation.sizes === undefined ? undefined : metrics.size?.sampler();
  }

  /** Counts a call, and says whether it is one to measure. */
  isDue(): boolean {
    this.#isTimed = this.#timeSampler?.take() === true;
    this.#isSized = this.#sizeSampler?.take() === true;
    return this.#isTimed || this.#isSized;
  }

  /** Makes a call, measuring it when its turn has come. */
  call(method: Method, keyBytes?: number): unknown {
    return this.isDue() ? this.measure(method, NO_ARGUMENTS, keyBytes) : method();
  }

  /**
   * Makes the call that was due. An asynchronous one takes until its promise settles.
   *
   * @param keyBytes - the size of the key that the call is about. Default: that of the current key.
   */
  measure(method: Method, args: readonly unknown[], keyBytes?: number): unknown {
    const [isTimed, isSized] = [this.#isTimed, this.#isSized];
    const { sizes: sized, iterable } = this.#operation;
    const elements: unknown[] = [];
    const isKept = isSized && iterable === true && isIterable(args[0]);
    const given = isKept ? [keeping(args[0] as Iterable<unknown>, elements)] : args;
    const start = performance.now();
    const result = method(...given);
    const stop = performance.now();
    // Not later, as the current key may change before an asynchronous call settles.
    const sizeOfKey = isSized ? (keyBytes ?? this.#metrics.sizes.ofKey(this.#metrics.namespace())) : 0;
    const record = (end: number, value: unknown) => {
      if (isTimed) {
        this.#recordTime(end - start);
      }
      for (const each of isSized ? (sized?.(isKept ? [elements] : args, value) ?? []) : []) {
        this.#recordSize(sizeOfKey, each);
      }
      return value;
    };
    return result instanceof Promise ? result.then((value) => record(performance.now(), value)) : record(stop, result);
  }

  #recordTime(millis: number): void {
    this.#metrics.latency?.update(`${this.#operation.metric}Latency`, Math.round(millis * NANOS_PER_MILLI));
  }

  #recordSize(sizeOfKey: number, { userKey, values, keyless }: Sized): void {
    const { size, sizes } = this.#metrics;
    const name = this.#operation.sizeMetric ?? this.#operation.metric;
    if (keyless !== true) {
      size?.update(`${name}KeySize`, sizeOfKey + sizes.ofUserKey(userKey));
    }
    if (values !== undefined) {
      size?.update(`${name}ValueSize`, sizes.ofValues(values));
    }
  }
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

// What can be read only once is the call's to read.
function* keeping(source: Iterable<unknown>, elements: unknown[]): Generator<unknown, void, void> {
  for (const element of source) {
    elements.push(element);
    yield element;
  }
}
