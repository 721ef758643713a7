// All metrics of a program, in memory.
import type { MetricGroup } from '../api/metrics.ts';
import { identifierOf, type MetricValue, type RegisteredMetric, readMetric } from './registered-metric.ts';
import { type MetricListener, RegistryGroup } from './registry-group.ts';

/**
 * Holds metrics, lists them, and tells exporters of those that come and go.
 *
 * @example
 * ```ts
 * const registry = new MetricRegistry();
 * await using keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING, metricGroup: registry.root });
 * console.log(registry.snapshot());
 * ```
 */
export class MetricRegistry {
  readonly #listeners = new Set<MetricListener>();
  readonly #root: RegistryGroup;

  constructor() {
    const tellAll: MetricListener = {
      added: (metric) => {
        for (const listener of this.#listeners) {
          listener.added(metric);
        }
      },
      removed: (metric) => {
        for (const listener of this.#listeners) {
          listener.removed(metric);
        }
      },
    };
    this.#root = new RegistryGroup({ scope: [], logicalScope: [], variables: {} }, tellAll, () => {});
  }

  /** The group that all others are in. */
  get root(): MetricGroup {
    return this.#root;
  }

  /** All metrics. */
  metrics(): RegisteredMetric[] {
    return [...this.#root.list()];
  }

  /** The metric with this identifier: scope and name, joined by dots. */
  find(identifier: string): RegisteredMetric | undefined {
    return this.metrics().find((metric) => identifierOf(metric) === identifier);
  }

  /** What all metrics hold now, by identifier; it can be written as JSON. */
  snapshot(): Record<string, MetricValue> {
    return Object.fromEntries(this.metrics().map((metric) => [identifierOf(metric), readMetric(metric)]));
  }

  /** Tells a listener of every metric there is, and of those that come and go until the returned function is called. */
  listen(listener: MetricListener): () => void {
    for (const metric of this.metrics()) {
      listener.added(metric);
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
