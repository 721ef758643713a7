// A metric in a registry: what it is, and where.
import type { Counter, Gauge, Histogram, HistogramStatistics, MetricDescription } from '../api/metrics.ts';

/** Where a metric is. */
export interface MetricPlace {
  /** Within its group. */
  readonly name: string;
  /** The names, keys and values of the groups on the way to it. */
  readonly scope: readonly string[];
  /** `scope` without the values of groups that have a key: the same for metrics that differ in variables only. */
  readonly logicalScope: readonly string[];
  /** The keys and values of the groups on the way. */
  readonly variables: Readonly<Record<string, string>>;
  readonly description: MetricDescription;
}

/** A metric in a registry. */
export type RegisteredMetric =
  | (MetricPlace & { readonly kind: 'gauge'; readonly metric: Gauge })
  | (MetricPlace & { readonly kind: 'counter'; readonly metric: Counter })
  | (MetricPlace & { readonly kind: 'histogram'; readonly metric: Histogram });

/** Scope and name, joined by dots. */
export function identifierOf({ scope, name }: MetricPlace): string {
  return [...scope, name].join('.');
}

/** What a metric holds at one moment. */
export type MetricValue = number | (HistogramStatistics & { readonly count: number; readonly sum: number });

/** What a metric holds now. */
export function readMetric(registered: RegisteredMetric): MetricValue {
  switch (registered.kind) {
    case 'gauge':
      return registered.metric.value;
    case 'counter':
      return registered.metric.count;
    case 'histogram': {
      const { count, sum } = registered.metric;
      return { count, sum, ...registered.metric.statistics() };
    }
  }
}
