// Every option there is, by group: what documentation lists, and what a configuration is checked against.
import type { ConfigOption } from '../config/config-option.ts';
import type { Configuration } from '../config/configuration.ts';
import { findUnknownKeys } from '../config/unknown-keys.ts';
import {
  CHECKPOINTING_ROWS,
  CheckpointingOptions,
  STATE_RECOVERY_ROWS,
  StateRecoveryOptions,
} from './checkpointing-options.ts';
import { HOT_STATE_ROWS, HotStateOptions } from './hot-state-options.ts';
import { PIPELINE_ROWS, PipelineOptions, RESTART_STRATEGY_ROWS, RestartStrategyOptions } from './job-options.ts';
import { NATIVE_METRIC_OPTIONS } from './native-metric.ts';
import type { OptionRow } from './option-rows.ts';
import { PROCESS_MEMORY_ROWS, TaskManagerOptions } from './process-memory-options.ts';
import {
  MANUAL_COMPACTION_ROWS,
  ROCKSDB_ROWS,
  RocksDBManualCompactionOptions,
  RocksDBOptions,
} from './rocksdb-backend-options.ts';
import { CONFIGURABLE_ROWS, RocksDBConfigurableOptions } from './rocksdb-configurable-options.ts';
import { S3_ROWS, S3Options } from './s3-options.ts';
import {
  STATE_BACKEND_ROWS,
  STATE_CHANGELOG_ROWS,
  StateBackendOptions,
  StateChangelogOptions,
} from './state-backend-options.ts';
import {
  LATENCY_TRACK_ROWS,
  SIZE_TRACK_ROWS,
  StateLatencyTrackOptions,
  StateSizeTrackOptions,
} from './state-tracking-options.ts';

/** An option with its row. */
export interface DocumentedOption {
  readonly option: ConfigOption<unknown>;
  readonly row: OptionRow;
}

/** Options that documentation lists together. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly DocumentedOption[];
}

function group(
  title: string,
  rows: Readonly<Record<string, OptionRow>>,
  options: Readonly<Record<string, ConfigOption<unknown>>>,
): OptionGroup {
  return {
    title,
    options: Object.entries(rows).map(([name, row]) => ({ row, option: options[name] as ConfigOption<unknown> })),
  };
}

/** Every group, in the order in which a user thinks of them. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  group('State backend', STATE_BACKEND_ROWS, StateBackendOptions),
  group('Memory of the process', PROCESS_MEMORY_ROWS, TaskManagerOptions),
  group('RocksDB backend', ROCKSDB_ROWS, RocksDBOptions),
  group('Hot state', HOT_STATE_ROWS, HotStateOptions),
  group('RocksDB', CONFIGURABLE_ROWS, RocksDBConfigurableOptions),
  group('Manual compaction', MANUAL_COMPACTION_ROWS, RocksDBManualCompactionOptions),
  group('Checkpoints', CHECKPOINTING_ROWS, CheckpointingOptions),
  group('Checkpoints in an object store', S3_ROWS, S3Options),
  group('Recovery', STATE_RECOVERY_ROWS, StateRecoveryOptions),
  group('Jobs', PIPELINE_ROWS, PipelineOptions),
  group('Restarting of jobs', RESTART_STRATEGY_ROWS, RestartStrategyOptions),
  group('Native metrics', NATIVE_METRIC_OPTIONS.rows, NATIVE_METRIC_OPTIONS.options),
  group('Latency of state access', LATENCY_TRACK_ROWS, StateLatencyTrackOptions),
  group('Size of state access', SIZE_TRACK_ROWS, StateSizeTrackOptions),
  group('Changelog', STATE_CHANGELOG_ROWS, StateChangelogOptions),
];

const PREFIXES = [
  'restart-strategy.',
  'pipeline.',
  'parallelism.',
  'state.',
  'execution.checkpointing.',
  'execution.state-recovery.',
  'execution.savepoint',
  's3.',
];

/**
 * What a user should know of a configuration, a sentence each: keys that no option has, with the one that is spelt most
 * alike, and options that have no effect.
 */
export function remarksOn(config: Configuration): string[] {
  const options = OPTION_GROUPS.flatMap((each) => each.options);
  const unknown = findUnknownKeys(
    config,
    options.map(({ option }) => option),
    PREFIXES,
  ).map(({ key, nearest }) => `There is no option '${key}'; the nearest is '${nearest}'.`);
  const unused = options.flatMap(({ option, row: { unused: reason } }) =>
    reason !== undefined && config.contains(option) && config.get(option) !== option.defaultValue
      ? [`Option '${option.key}' has no effect: ${reason}.`]
      : [],
  );
  return [...unknown, ...unused];
}
