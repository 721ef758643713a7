// How jobs run and are started again: Flink's options, one row each.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const PIPELINE_ROWS = {
  NAME: {
    key: 'pipeline.name',
    type: 'string',
    doc: 'Name of the job, where `execute` is not given one.',
  },
  PARALLELISM: {
    key: 'parallelism.default',
    type: 'int',
    default: 1,
    check: 'positive',
    doc: 'Parallel subtasks of an operator, where the program does not say.',
  },
  MAX_PARALLELISM: {
    key: 'pipeline.max-parallelism',
    type: 'int',
    default: -1,
    doc: 'Key groups of an operator, where the program does not say; -1 derives them from the parallelism.',
  },
  AUTO_WATERMARK_INTERVAL: {
    key: 'pipeline.auto-watermark-interval',
    type: 'duration',
    default: '200 ms',
    doc: 'How often generators put out their watermarks; 0 for never.',
  },
  OPERATOR_CHAINING: {
    key: 'pipeline.operator-chaining.enabled',
    type: 'boolean',
    default: true,
    deprecatedKeys: ['pipeline.operator-chaining'],
    doc: 'Run operators without a queue between them where records need not change subtasks.',
  },
} as const;

export const RESTART_STRATEGY_ROWS = {
  RESTART_STRATEGY: {
    key: 'restart-strategy.type',
    type: 'string',
    fallbackKeys: ['restart-strategy'],
    doc: 'What follows a failure: `none` (also `off`, `disable`), `fixed-delay` or `exponential-delay`. Unset means `exponential-delay` with checkpoints, `none` without.',
  },
  FIXED_DELAY_ATTEMPTS: {
    key: 'restart-strategy.fixed-delay.attempts',
    type: 'int',
    default: 1,
    check: 'nonNegative',
    doc: 'How often the job is started again.',
  },
  FIXED_DELAY_DELAY: {
    key: 'restart-strategy.fixed-delay.delay',
    type: 'duration',
    default: '1 s',
    doc: 'Time between a failure and the new start.',
  },
  EXPONENTIAL_DELAY_INITIAL_BACKOFF: {
    key: 'restart-strategy.exponential-delay.initial-backoff',
    type: 'duration',
    default: '1 s',
    doc: 'First time between a failure and the new start.',
  },
  EXPONENTIAL_DELAY_MAX_BACKOFF: {
    key: 'restart-strategy.exponential-delay.max-backoff',
    type: 'duration',
    default: '1 min',
    doc: 'Longest time between a failure and the new start.',
  },
  EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER: {
    key: 'restart-strategy.exponential-delay.backoff-multiplier',
    type: 'double',
    default: 1.5,
    doc: 'By how much that time grows with each failure.',
  },
  EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD: {
    key: 'restart-strategy.exponential-delay.reset-backoff-threshold',
    type: 'duration',
    default: '1 h',
    doc: 'After so long without a failure it is the first one again.',
  },
  EXPONENTIAL_DELAY_JITTER_FACTOR: {
    key: 'restart-strategy.exponential-delay.jitter-factor',
    type: 'double',
    default: 0.1,
    check: 'fraction',
    doc: 'Largest random part that is added to that time, or taken away.',
  },
  EXPONENTIAL_DELAY_ATTEMPTS: {
    key: 'restart-strategy.exponential-delay.attempts-before-reset-backoff',
    type: 'int',
    default: 2147483647,
    check: 'nonNegative',
    doc: 'How often the job is started again before the time is reset.',
  },
} as const;

/** Flink's `PipelineOptions`, and its default parallelism. */
export const PipelineOptions: OptionsOf<typeof PIPELINE_ROWS> = toConfigOptions(PIPELINE_ROWS);

/** Flink's `RestartStrategyOptions`. */
export const RestartStrategyOptions: OptionsOf<typeof RESTART_STRATEGY_ROWS> = toConfigOptions(RESTART_STRATEGY_ROWS);
