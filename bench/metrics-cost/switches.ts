// The configurations that are compared.
import { NATIVE_METRICS, type NativeMetric } from '../../lib/options/native-metric.ts';

/** A configuration with a name. */
export interface Switches {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const OFF: Switches = { name: 'all off', config: {} };
// Fifty times as often as by default, so that a repetition has readings in it.
const OFTEN = { 'state.backend.rocksdb.metrics.poll-interval': '100 ms' };
const LATENCY = { 'state.latency-track.keyed-state-enabled': true };
const SIZE = { 'state.size-track.keyed-state-enabled': true };

function on(metrics: readonly NativeMetric[]): Record<string, unknown> {
  return { ...OFTEN, ...Object.fromEntries(metrics.map(({ option }) => [option.key, true])) };
}

/** Every kind of switch: those of a kind cost the same, as it is the counting that costs, and not the looking. */
export function switchGroups(): [Switches, ...Switches[]] {
  const of = (kind: NativeMetric['kind']) => NATIVE_METRICS.filter((metric) => metric.kind === kind);
  const sizes = of('histogram').filter(({ unit }) => unit !== 'us');
  const everything = on(NATIVE_METRICS);
  return [
    OFF,
    { name: 'all properties, read every 100 ms', config: on(of('property')) },
    { name: 'one ticker', config: on(of('ticker').slice(0, 1)) },
    { name: 'all tickers', config: on(of('ticker')) },
    { name: 'all histograms of sizes and counts', config: on(sizes) },
    { name: 'all histograms of durations', config: on(of('histogram').filter((metric) => !sizes.includes(metric))) },
    { name: 'all native metrics', config: everything },
    { name: 'latency of state access, 1 call in 100', config: LATENCY },
    { name: 'latency of state access, every call', config: { ...LATENCY, 'state.latency-track.sample-interval': 1 } },
    { name: 'size of state access, 1 call in 100', config: SIZE },
    { name: 'size of state access, every call', config: { ...SIZE, 'state.size-track.sample-interval': 1 } },
    { name: 'all of this, 1 call in 100', config: { ...everything, ...LATENCY, ...SIZE } },
  ];
}

/** Each native metric by itself. */
export function everySwitch(): [Switches, ...Switches[]] {
  return [OFF, ...NATIVE_METRICS.map((metric) => ({ name: metric.key, config: on([metric]) }))];
}
