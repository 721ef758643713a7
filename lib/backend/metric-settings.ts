// What a keyed backend keeps metrics of, and where they go.
import type { MetricGroup } from '../api/metrics.ts';
import type { StateTracking } from '../metrics/state-tracker.ts';
import { RocksDBNativeMetricOptions } from '../options/native-metric-options.ts';
import type { OptionSource } from '../options/option-source.ts';
import { LATENCY_TRACKING, SIZE_TRACKING, trackingSettings } from '../options/state-tracking.ts';

export interface MetricSettings extends StateTracking {
  readonly native: RocksDBNativeMetricOptions;
}

/** `undefined` without a group: nothing is counted then, as nobody could see it. */
export function toMetricSettings(config: OptionSource, group: MetricGroup | undefined): MetricSettings | undefined {
  const latency = trackingSettings(config, LATENCY_TRACKING);
  const size = trackingSettings(config, SIZE_TRACKING);
  const native = RocksDBNativeMetricOptions.fromConfig(config);
  return group && { group, latency, size, native };
}
