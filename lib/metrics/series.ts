// Metrics as exporters see them: series of plain numbers, each with labels.
import { type RegisteredMetric, readMetric } from './registered-metric.ts';

/** One number that can be read, and what tells it from others of its name. */
export interface Series {
  /** The parts of its name. */
  readonly parts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** It only grows. */
  readonly isTotal: boolean;
  readonly description: string | undefined;
  readonly unit: string | undefined;
  read(): number;
}

const QUANTILES = { median: '0.5', p95: '0.95', p99: '0.99' } as const;

/** A gauge or counter is one series; a histogram is three quantiles, its count and its sum. */
export function seriesOf(metric: RegisteredMetric): Series[] {
  const { logicalScope, name, variables, description } = metric;
  const common = {
    parts: [...logicalScope, name],
    labels: variables,
    isTotal: description.cumulative === true,
    description: description.description,
    unit: description.unit,
  };
  if (metric.kind !== 'histogram') {
    return [{ ...common, read: () => readMetric(metric) as number }];
  }
  const histogram = metric.metric;
  const quantiles = Object.entries(QUANTILES).map(([field, quantile]) => ({
    ...common,
    labels: { ...variables, quantile },
    read: () => histogram.statistics()[field as keyof typeof QUANTILES],
  }));
  return [
    ...quantiles,
    { ...common, parts: [...common.parts, 'count'], isTotal: true, unit: undefined, read: () => histogram.count },
    { ...common, parts: [...common.parts, 'sum'], isTotal: true, read: () => histogram.sum },
  ];
}
