// The tracking of state access: how long calls take, and how large keys and values are. Flink's options, one row each.
import type { ConfigOption } from '../config/config-option.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const LATENCY_TRACK_ROWS = {
  LATENCY_TRACK_ENABLED: {
    key: 'state.latency-track.keyed-state-enabled',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['state.backend.latency-track.keyed-state-enabled'],
    doc: 'Measure how long calls of keyed state take.',
  },
  LATENCY_TRACK_SAMPLE_INTERVAL: {
    key: 'state.latency-track.sample-interval',
    type: 'int',
    default: 100,
    check: 'positive',
    deprecatedKeys: ['state.backend.latency-track.sample-interval'],
    doc: 'Measure one call in this many, per operation of each state, beginning with the first.',
  },
  LATENCY_TRACK_HISTORY_SIZE: {
    key: 'state.latency-track.history-size',
    type: 'int',
    default: 128,
    check: 'positive',
    deprecatedKeys: ['state.backend.latency-track.history-size'],
    doc: 'How many measurements each histogram keeps.',
  },
  LATENCY_TRACK_STATE_NAME_AS_VARIABLE: {
    key: 'state.latency-track.state-name-as-variable',
    type: 'boolean',
    default: true,
    deprecatedKeys: ['state.backend.latency-track.state-name-as-variable'],
    doc: 'Make the name of the state a variable of its metrics instead of a part of their name.',
  },
} as const;

export const SIZE_TRACK_ROWS = {
  SIZE_TRACK_ENABLED: {
    key: 'state.size-track.keyed-state-enabled',
    type: 'boolean',
    default: false,
    doc: 'Measure how large the keys and values of keyed state are when serialized.',
  },
  SIZE_TRACK_SAMPLE_INTERVAL: {
    key: 'state.size-track.sample-interval',
    type: 'int',
    default: 100,
    check: 'positive',
    doc: 'Measure one call in this many, per operation of each state, beginning with the first.',
  },
  SIZE_TRACK_HISTORY_SIZE: {
    key: 'state.size-track.history-size',
    type: 'int',
    default: 128,
    check: 'positive',
    doc: 'How many measurements each histogram keeps.',
  },
  SIZE_TRACK_STATE_NAME_AS_VARIABLE: {
    key: 'state.size-track.state-name-as-variable',
    type: 'boolean',
    default: true,
    doc: 'Make the name of the state a variable of its metrics instead of a part of their name.',
  },
} as const;

/** `state.latency-track.*` */
export const StateLatencyTrackOptions: OptionsOf<typeof LATENCY_TRACK_ROWS> = toConfigOptions(LATENCY_TRACK_ROWS);

/** `state.size-track.*` */
export const StateSizeTrackOptions: OptionsOf<typeof SIZE_TRACK_ROWS> = toConfigOptions(SIZE_TRACK_ROWS);

/** How one kind of tracking is done. */
export interface TrackingSettings {
  /** One call in this many is measured, per operation of each state. */
  readonly sampleInterval: number;
  /** How many measurements each histogram keeps. */
  readonly historySize: number;
  /** Whether the state's name is a variable of the metrics or a part of their name. */
  readonly stateNameAsVariable: boolean;
}

/** `undefined` when latency is not tracked. */
export function latencyTracking(config: ReadableConfig): TrackingSettings | undefined {
  const options = StateLatencyTrackOptions;
  return trackingSettings(config, options.LATENCY_TRACK_ENABLED, {
    sampleInterval: options.LATENCY_TRACK_SAMPLE_INTERVAL,
    historySize: options.LATENCY_TRACK_HISTORY_SIZE,
    stateNameAsVariable: options.LATENCY_TRACK_STATE_NAME_AS_VARIABLE,
  });
}

/** `undefined` when sizes are not tracked. */
export function sizeTracking(config: ReadableConfig): TrackingSettings | undefined {
  const options = StateSizeTrackOptions;
  return trackingSettings(config, options.SIZE_TRACK_ENABLED, {
    sampleInterval: options.SIZE_TRACK_SAMPLE_INTERVAL,
    historySize: options.SIZE_TRACK_HISTORY_SIZE,
    stateNameAsVariable: options.SIZE_TRACK_STATE_NAME_AS_VARIABLE,
  });
}

// Bad values are found also while the tracking is off.
function trackingSettings(
  config: ReadableConfig,
  enabled: ConfigOption<boolean>,
  options: { readonly [N in keyof TrackingSettings]: ConfigOption<TrackingSettings[N]> },
): TrackingSettings | undefined {
  const settings = {
    sampleInterval: config.get(options.sampleInterval),
    historySize: config.get(options.historySize),
    stateNameAsVariable: config.get(options.stateNameAsVariable),
  };
  return config.get(enabled) ? settings : undefined;
}
