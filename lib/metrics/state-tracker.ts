// Puts the tracking of latency and size around states. Where both are off, states stay as they are.
import type { StateDescriptor } from '../api/descriptors.ts';
import type { MetricGroup } from '../api/metrics.ts';
import type { NamespacedState, State } from '../api/state.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import type { TrackingSettings } from '../options/state-tracking-options.ts';
import { type Method, type StateMetrics, type TrackedCall, trackOperation } from './operation-tracking.ts';
import { SampledHistograms } from './sampled-histograms.ts';
import { ITERATOR_NEXT, ITERATOR_REMOVE, type Operation, STATE_OPERATIONS } from './state-operations.ts';
import { type KeySource, StateSizes } from './state-sizes.ts';
import { trackIterator } from './tracked-iterator.ts';

/** What to track, and where its metrics go. */
export interface StateTracking {
  readonly group: MetricGroup;
  readonly latency: TrackingSettings | undefined;
  readonly size: TrackingSettings | undefined;
}

/** A namespace with the serializer of its type. */
interface SerializedNamespace<N> {
  readonly namespace: N;
  readonly serializer: TypeSerializer<N>;
}

type AnyState<N> = State & NamespacedState<N>;

export class StateTracker {
  readonly #tracking: StateTracking | undefined;
  readonly #keys: KeySource;

  constructor(tracking: StateTracking | undefined, keys: KeySource) {
    this.#tracking = tracking;
    this.#keys = keys;
  }

  /** The state with its calls measured, or, where nothing is tracked, the state itself. */
  track<N>(state: AnyState<N>, descriptor: StateDescriptor<unknown>, namespaces: SerializedNamespace<N>): AnyState<N> {
    if (this.#tracking?.latency === undefined && this.#tracking?.size === undefined) {
      return state;
    }
    const { group, latency, size } = this.#tracking;
    let { namespace } = namespaces;
    const metrics: StateMetrics = {
      latency: latency && new SampledHistograms(group, descriptor.name, { ...latency, unit: 'ns' }),
      size: size && new SampledHistograms(group, descriptor.name, { ...size, unit: 'bytes' }),
      sizes: new StateSizes(this.#keys, descriptor, namespaces.serializer as TypeSerializer<unknown>),
      namespace: () => namespace,
    };
    const tracked = trackMethods(state, STATE_OPERATIONS[descriptor.kind], metrics) as unknown as AnyState<N>;
    tracked.setCurrentNamespace = (selected) => {
      state.setCurrentNamespace(selected);
      namespace = selected;
    };
    return tracked;
  }
}

function trackMethods(
  state: object,
  operations: Readonly<Record<string | symbol, Operation>>,
  metrics: StateMetrics,
): Record<string | symbol, Method> {
  const calls = new Map<Operation, TrackedCall>();
  const callOf = (operation: Operation): TrackedCall => {
    const call = calls.get(operation) ?? trackOperation(operation, metrics);
    calls.set(operation, call);
    return call;
  };
  const tracked: Record<string | symbol, Method> = {};
  for (const [name, method] of methodsOf(state)) {
    const operation = operations[typeof name === 'string' ? synchronousName(name) : name];
    const call = operation && callOf(operation);
    const elements = operation?.elements;
    if (call === undefined) {
      tracked[name] = method;
    } else if (elements === undefined) {
      tracked[name] = (...args) => call(method, args);
    } else {
      const next = callOf(ITERATOR_NEXT[elements]);
      const remove = elements === 'entry' ? callOf(ITERATOR_REMOVE) : undefined;
      // The key is the one that the iterator is asked for under.
      tracked[name] = () => {
        const keyBytes = metrics.size === undefined ? 0 : metrics.sizes.ofKey(metrics.namespace());
        return trackIterator(call(method), { next: (move) => next(move, [], keyBytes), remove });
      };
    }
  }
  return tracked;
}

// Bound, as the methods reach for private fields.
function* methodsOf(state: object): Generator<[string | symbol, Method]> {
  for (let level = state; level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Reflect.ownKeys(level)) {
      const method: unknown = Reflect.get(level, name, state);
      if (name !== 'constructor' && typeof method === 'function') {
        yield [name, method.bind(state)];
      }
    }
  }
}

// asyncGet → get
function synchronousName(name: string): string {
  const [, initial, rest] = /^async([A-Z])(.*)$/.exec(name) ?? [];
  return initial === undefined ? name : `${initial.toLowerCase()}${rest}`;
}
