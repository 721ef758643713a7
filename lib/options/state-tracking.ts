// Options of the tracking of state access: how long calls take, and how large keys and values are.
import { describe, rangeError } from '../errors.ts';
import type { OptionRow, OptionSource } from './option-source.ts';

/** The options of one kind of tracking. */
export interface TrackingOptions {
  readonly enabled: OptionRow<boolean>;
  readonly sampleInterval: OptionRow<number>;
  readonly historySize: OptionRow<number>;
  readonly stateNameAsVariable: OptionRow<boolean>;
}

/** Their values. */
export interface TrackingSettings {
  /** One call in this many is measured, per operation of each state. */
  readonly sampleInterval: number;
  /** How many measurements each histogram keeps. */
  readonly historySize: number;
  /** Whether the state's name is a variable of the metrics or a part of their name. */
  readonly stateNameAsVariable: boolean;
}

/** `state.latency-track.*` */
export const LATENCY_TRACKING: TrackingOptions = trackingOptions(
  'state.latency-track',
  'Measure how long calls of keyed state take.',
  ['state.backend.latency-track'],
);

/** `state.size-track.*` */
export const SIZE_TRACKING: TrackingOptions = trackingOptions(
  'state.size-track',
  'Measure how large the keys and values of keyed state are when serialized.',
  [],
);

function trackingOptions(prefix: string, summary: string, deprecated: readonly string[]): TrackingOptions {
  const named = (name: string, description: string) => ({
    key: `${prefix}.${name}`,
    deprecatedKeys: deprecated.map((before) => `${before}.${name}`),
    description,
  });
  return {
    enabled: { ...named('keyed-state-enabled', summary), type: 'boolean', defaultValue: false },
    sampleInterval: {
      ...named(
        'sample-interval',
        'Measure one call in this many, per operation of each state, beginning with the first.',
      ),
      type: 'int',
      defaultValue: 100,
    },
    historySize: {
      ...named('history-size', 'How many measurements each histogram keeps.'),
      type: 'int',
      defaultValue: 128,
    },
    stateNameAsVariable: {
      ...named(
        'state-name-as-variable',
        'Make the name of the state a variable of its metrics instead of a part of their name.',
      ),
      type: 'boolean',
      defaultValue: true,
    },
  };
}

/** `undefined` when the tracking is off. @throws RangeError `ERR_INVALID_OPTION` for numbers below 1. */
export function trackingSettings(config: OptionSource, options: TrackingOptions): TrackingSettings | undefined {
  if (!config.get(options.enabled)) {
    return undefined;
  }
  return {
    sampleInterval: positive(config, options.sampleInterval),
    historySize: positive(config, options.historySize),
    stateNameAsVariable: config.get(options.stateNameAsVariable),
  };
}

function positive(config: OptionSource, option: OptionRow<number>): number {
  const value = config.get(option);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw rangeError('ERR_INVALID_OPTION', `${option.key} must be a positive integer; received ${describe(value)}.`);
  }
  return value;
}
