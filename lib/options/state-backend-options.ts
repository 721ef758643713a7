// Which backend and storage to use, and how checkpoints are taken and restored: Flink's options, one row each.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const STATE_BACKEND_ROWS = {
  STATE_BACKEND: {
    key: 'state.backend.type',
    type: 'string',
    default: 'hashmap',
    deprecatedKeys: ['state.backend'],
    doc: 'Which keyed state backend to load: a shortcut or the class name of a factory.',
  },
  ASYNC_SNAPSHOTS: {
    key: 'state.backend.async',
    type: 'boolean',
    default: true,
    doc: 'Obsolete switch; every snapshot is asynchronous, so it has no effect.',
    unused: 'every snapshot is asynchronous',
  },
} as const;

export const STATE_CHANGELOG_ROWS = {
  ENABLE_STATE_CHANGE_LOG: {
    key: 'state.changelog.enabled',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['state.backend.changelog.enabled'],
    doc: 'Wrap the backend so that state changes also go to a changelog.',
    unused: 'there is no changelog backend',
  },
  STATE_CHANGE_LOG_STORAGE: {
    key: 'state.changelog.storage',
    type: 'string',
    default: 'memory',
    deprecatedKeys: ['state.backend.changelog.storage'],
    doc: 'Changelog storage shortcut.',
    unused: 'there is no changelog backend',
  },
  PERIODIC_MATERIALIZATION_ENABLED: {
    key: 'state.changelog.periodic-materialize.enabled',
    type: 'boolean',
    default: true,
    deprecatedKeys: ['state.backend.changelog.periodic-materialize.enabled'],
    doc: 'Materialize the wrapped backend periodically.',
    unused: 'there is no changelog backend',
  },
  PERIODIC_MATERIALIZATION_INTERVAL: {
    key: 'state.changelog.periodic-materialize.interval',
    type: 'duration',
    default: '10 min',
    deprecatedKeys: ['state.backend.changelog.periodic-materialize.interval'],
    doc: 'Period of materialization.',
    unused: 'there is no changelog backend',
  },
  MATERIALIZATION_MAX_FAILURES_ALLOWED: {
    key: 'state.changelog.max-failures-allowed',
    type: 'int',
    default: 3,
    deprecatedKeys: ['state.backend.changelog.max-failures-allowed'],
    doc: 'Consecutive materialization failures allowed.',
    unused: 'there is no changelog backend',
  },
} as const;

/** Flink's `StateBackendOptions`. */
export const StateBackendOptions: OptionsOf<typeof STATE_BACKEND_ROWS> = toConfigOptions(STATE_BACKEND_ROWS);

/** Flink's `StateChangelogOptions`. */
export const StateChangelogOptions: OptionsOf<typeof STATE_CHANGELOG_ROWS> = toConfigOptions(STATE_CHANGELOG_ROWS);
