// Measures calls of one operation of a state.
import type { SampledHistograms } from './sampled-histograms.ts';
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

/**
 * Makes a call, measuring it if its turn has come. An asynchronous call takes until its promise settles.
 *
 * @param keyBytes - the size of the key that the call is about. Default: that of the current key.
 */
export type TrackedCall = (method: Method, args?: readonly unknown[], keyBytes?: number) => unknown;

const NANOS_PER_MILLI = 1e6;
const NO_ARGUMENTS: readonly unknown[] = [];

export function trackOperation(operation: Operation, metrics: StateMetrics): TrackedCall {
  const { latency } = metrics;
  const size = operation.sizes === undefined ? undefined : metrics.size;
  const isTimed = latency?.sampler() ?? never;
  const isSized = size?.sampler() ?? never;
  const sizeName = operation.sizeMetric ?? operation.metric;

  const recordTime = (millis: number) => {
    latency?.update(`${operation.metric}Latency`, Math.round(millis * NANOS_PER_MILLI));
  };
  const recordSize = (sizeOfKey: number, { userKey, values, keyless }: Sized) => {
    if (keyless !== true) {
      size?.update(`${sizeName}KeySize`, sizeOfKey + metrics.sizes.ofUserKey(userKey));
    }
    if (values !== undefined) {
      size?.update(`${sizeName}ValueSize`, metrics.sizes.ofValues(values));
    }
  };

  return (method, args = NO_ARGUMENTS, keyBytes = undefined) => {
    const timed = isTimed();
    const sized = isSized();
    if (!timed && !sized) {
      return method(...args);
    }
    const elements: unknown[] = [];
    const isKept = sized && operation.iterable === true && isIterable(args[0]);
    const given = isKept ? [keeping(args[0] as Iterable<unknown>, elements)] : args;
    const start = performance.now();
    const result = method(...given);
    const stop = performance.now();
    // Not later, as the current key may change before an asynchronous call settles.
    const sizeOfKey = sized ? (keyBytes ?? metrics.sizes.ofKey(metrics.namespace())) : 0;
    const record = (end: number, value: unknown) => {
      if (timed) {
        recordTime(end - start);
      }
      for (const each of sized ? (operation.sizes?.(isKept ? [elements] : args, value) ?? []) : []) {
        recordSize(sizeOfKey, each);
      }
      return value;
    };
    return result instanceof Promise ? result.then((value) => record(performance.now(), value)) : record(stop, result);
  };
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

function never(): boolean {
  return false;
}
