// A group of metrics in a registry.
import type { Counter, Gauge, Histogram, MetricDescription, MetricGroup } from '../api/metrics.ts';
import { describe, typeError } from '../errors.ts';
import { identifierOf, type MetricPlace, type RegisteredMetric } from './registered-metric.ts';

/** Told of metrics that come and go. */
export interface MetricListener {
  added(metric: RegisteredMetric): void;
  removed(metric: RegisteredMetric): void;
}

type Place = Omit<MetricPlace, 'name' | 'description'>;

const NO_DESCRIPTION: MetricDescription = {};

export class RegistryGroup implements MetricGroup {
  readonly #place: Place;
  readonly #listener: MetricListener;
  readonly #leave: () => void;
  readonly #groups = new Map<string, RegistryGroup>();
  readonly #metrics = new Map<string, RegisteredMetric>();
  #closed = false;

  /** @param leave - takes the group out of the one it is in. */
  constructor(place: Place, listener: MetricListener, leave: () => void) {
    this.#place = place;
    this.#listener = listener;
    this.#leave = leave;
  }

  get scope(): readonly string[] {
    return this.#place.scope;
  }

  get variables(): Readonly<Record<string, string>> {
    return this.#place.variables;
  }

  addGroup(name: string, value?: string): MetricGroup {
    checkName('group', name);
    if (value !== undefined) {
      checkName('group', value);
    }
    const id = JSON.stringify([name, value]);
    const known = this.#groups.get(id);
    if (known !== undefined) {
      return known;
    }
    const { scope, logicalScope, variables } = this.#place;
    const place = {
      scope: value === undefined ? [...scope, name] : [...scope, name, value],
      logicalScope: [...logicalScope, name],
      variables: value === undefined ? variables : { ...variables, [name]: value },
    };
    const group = new RegistryGroup(place, this.#listener, () => this.#groups.delete(id));
    // A group of a closed one is as little listed as that is.
    group.#closed = this.#closed;
    this.#groups.set(id, group);
    return group;
  }

  gauge(name: string, read: () => number, description: MetricDescription = NO_DESCRIPTION): Gauge {
    const metric = {
      get value(): number {
        return read();
      },
    };
    this.#add({ ...this.#placeOf(name, description), kind: 'gauge', metric });
    return metric;
  }

  counter(name: string, description: MetricDescription = NO_DESCRIPTION): Counter {
    const metric = new SimpleCounter();
    this.#add({ ...this.#placeOf(name, description), kind: 'counter', metric });
    return metric;
  }

  histogram<H extends Histogram>(name: string, metric: H, description: MetricDescription = NO_DESCRIPTION): H {
    this.#add({ ...this.#placeOf(name, description), kind: 'histogram', metric });
    return metric;
  }

  close(): void {
    this.#closed = true;
    for (const group of [...this.#groups.values()]) {
      group.close();
    }
    for (const metric of this.#metrics.values()) {
      this.#listener.removed(metric);
    }
    this.#metrics.clear();
    this.#leave();
  }

  /** The metrics of this group and of those within it. */
  *list(): Generator<RegisteredMetric, void, void> {
    yield* this.#metrics.values();
    for (const group of this.#groups.values()) {
      yield* group.list();
    }
  }

  #placeOf(name: string, description: MetricDescription): MetricPlace {
    checkName('metric', name);
    return { name, ...this.#place, description };
  }

  #add(metric: RegisteredMetric): void {
    if (this.#closed) {
      return;
    }
    const known = this.#metrics.get(metric.name);
    if (known !== undefined) {
      process.emitWarning(
        `Metric '${identifierOf(metric)}' was added again; the earlier one is no longer listed. ` +
          'Close the group of what has ended, or give each its own group.',
        { type: 'MetricWarning', code: 'ROCKSTATE_METRIC_REPLACED' },
      );
      this.#listener.removed(known);
    }
    this.#metrics.set(metric.name, metric);
    this.#listener.added(metric);
  }
}

class SimpleCounter implements Counter {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  inc(by = 1): void {
    this.#count += by;
  }

  dec(by = 1): void {
    this.#count -= by;
  }
}

function checkName(kind: string, name: string): void {
  if (typeof name !== 'string' || name === '') {
    throw typeError(
      'ERR_INVALID_METRIC_NAME',
      `The name of a ${kind} must be a non-empty string; received ${describe(name)}.`,
    );
  }
}
