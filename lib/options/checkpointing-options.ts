// How checkpoints are taken and restored: Flink's options, one row each.
import { type OptionsOf, toConfigOptions } from './option-rows.ts';

export const CHECKPOINTING_ROWS = {
  CHECKPOINT_STORAGE: {
    key: 'execution.checkpointing.storage',
    type: 'string',
    deprecatedKeys: ['state.checkpoint-storage'],
    doc: 'Where checkpoint data goes: a shortcut or the class name of a checkpoint storage factory.',
  },
  CHECKPOINTS_DIRECTORY: {
    key: 'execution.checkpointing.dir',
    type: 'string',
    deprecatedKeys: ['state.checkpoints.dir', 'state.backend.fs.checkpointdir'],
    doc: 'Root directory (URI) for checkpoint data and metadata; with jobmanager storage only metadata goes there.',
  },
  SAVEPOINT_DIRECTORY: {
    key: 'execution.checkpointing.savepoint-dir',
    type: 'string',
    deprecatedKeys: ['state.savepoints.dir', 'savepoints.state.backend.fs.dir'],
    doc: 'Default root directory for savepoints when no target is given at trigger time.',
  },
  CREATE_CHECKPOINT_SUB_DIR: {
    key: 'execution.checkpointing.create-subdir',
    type: 'boolean',
    default: true,
    deprecatedKeys: ['state.checkpoints.create-subdir'],
    doc: 'Create a per-job sub-directory (named by job id) below the checkpoint directory.',
  },
  MAX_RETAINED_CHECKPOINTS: {
    key: 'execution.checkpointing.num-retained',
    type: 'int',
    default: 1,
    deprecatedKeys: ['state.checkpoints.num-retained'],
    doc: 'How many completed checkpoints are kept.',
  },
  CLEANER_PARALLEL_MODE: {
    key: 'execution.checkpointing.cleaner.parallel-mode',
    type: 'boolean',
    default: true,
    deprecatedKeys: ['state.checkpoint.cleaner.parallel-mode'],
    doc: "Delete the operator states of a discarded checkpoint in parallel on the cleaner's executor.",
  },
  FS_SMALL_FILE_THRESHOLD: {
    key: 'execution.checkpointing.data-inline-threshold',
    type: 'memory',
    default: '20kb',
    deprecatedKeys: ['state.storage.fs.memory-threshold', 'state.backend.fs.memory-threshold'],
    check: 'upToOneMebibyte',
    doc: 'State streams at or below this many bytes are stored inline (byte-array handle) in the checkpoint metadata instead of as a file.',
  },
  FS_WRITE_BUFFER_SIZE: {
    key: 'execution.checkpointing.write-buffer-size',
    type: 'int',
    default: 4096,
    deprecatedKeys: ['state.storage.fs.write-buffer-size', 'state.backend.fs.write-buffer-size'],
    doc: 'Write buffer of a checkpoint file stream; the effective size is max(this, inline threshold).',
  },
  INCREMENTAL_CHECKPOINTS: {
    key: 'execution.checkpointing.incremental',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['state.backend.incremental'],
    doc: 'Store only the difference from the last completed checkpoint when the backend supports it.',
  },
  SNAPSHOT_COMPRESSION: {
    key: 'execution.checkpointing.snapshot-compression',
    type: 'boolean',
    default: false,
    doc: 'Compress key-group data of full snapshots and savepoints with Snappy; ignored for SST uploads.',
  },
  LOCAL_BACKUP_ENABLED: {
    key: 'execution.checkpointing.local-backup.enabled',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['state.backend.local-recovery'],
    fallbackKeys: ['execution.state-recovery.from-local'],
    doc: 'Write a second, local copy of keyed state during checkpoints.',
  },
  LOCAL_BACKUP_DIRECTORIES: {
    key: 'execution.checkpointing.local-backup.dirs',
    type: 'string',
    deprecatedKeys: ['taskmanager.state.local.root-dirs'],
    doc: 'Root directories for the local copies; unset means <WORKING_DIR>/localState.',
  },
  CHECKPOINTING_CONSISTENCY_MODE: {
    key: 'execution.checkpointing.mode',
    type: 'enum',
    of: 'CheckpointingMode',
    default: 'EXACTLY_ONCE',
    doc: 'Checkpoint consistency mode.',
  },
  CHECKPOINTING_INTERVAL: {
    key: 'execution.checkpointing.interval',
    type: 'duration',
    doc: 'Period between checkpoints; unset disables periodic checkpoints.',
  },
  CHECKPOINTING_INTERVAL_DURING_BACKLOG: {
    key: 'execution.checkpointing.interval-during-backlog',
    type: 'duration',
    doc: 'Period while a source reports backlog; 0 disables checkpoints then; otherwise must be >= interval.',
  },
  CHECKPOINTING_TIMEOUT: {
    key: 'execution.checkpointing.timeout',
    type: 'duration',
    default: '10 min',
    doc: 'A checkpoint still running after this is discarded.',
  },
  MAX_CONCURRENT_CHECKPOINTS: {
    key: 'execution.checkpointing.max-concurrent-checkpoints',
    type: 'int',
    default: 1,
    doc: 'How many checkpoint attempts may be in flight together.',
  },
  MIN_PAUSE_BETWEEN_CHECKPOINTS: {
    key: 'execution.checkpointing.min-pause',
    type: 'duration',
    default: '0 ms',
    doc: 'Least time between the end of one attempt and the start of the next.',
  },
  TOLERABLE_FAILURE_NUMBER: {
    key: 'execution.checkpointing.tolerable-failed-checkpoints',
    type: 'int',
    default: 0,
    doc: 'Consecutive failures (job-manager IO, async task phase, timeout) tolerated before the job fails; sync-phase failures always fail the task.',
  },
  EXTERNALIZED_CHECKPOINT_RETENTION: {
    key: 'execution.checkpointing.externalized-checkpoint-retention',
    type: 'enum',
    of: 'ExternalizedCheckpointRetention',
    default: 'NO_EXTERNALIZED_CHECKPOINTS',
    doc: 'Whether checkpoints survive job cancellation.',
  },
  ENABLE_UNALIGNED: {
    key: 'execution.checkpointing.unaligned.enabled',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['execution.checkpointing.unaligned'],
    doc: 'Use unaligned checkpoints (exactly-once and one concurrent checkpoint only).',
  },
  ALIGNED_CHECKPOINT_TIMEOUT: {
    key: 'execution.checkpointing.aligned-checkpoint-timeout',
    type: 'duration',
    default: '0 ms',
    deprecatedKeys: ['execution.checkpointing.alignment-timeout'],
    doc: 'Switch an aligned checkpoint to unaligned after this delay; 0 starts unaligned.',
  },
  FORCE_UNALIGNED: {
    key: 'execution.checkpointing.unaligned.forced',
    type: 'boolean',
    default: false,
    doc: 'Force unaligned checkpoints, also for iterative jobs.',
  },
  ENABLE_UNALIGNED_INTERRUPTIBLE_TIMERS: {
    key: 'execution.checkpointing.unaligned.interruptible-timers.enabled',
    type: 'boolean',
    default: false,
    doc: 'Let an unaligned checkpoint skip timers that are being fired (operator must support it).',
  },
  UNALIGNED_MAX_SUBTASKS_PER_CHANNEL_STATE_FILE: {
    key: 'execution.checkpointing.unaligned.max-subtasks-per-channel-state-file',
    type: 'int',
    default: 5,
    doc: 'How many subtasks may share one channel-state file.',
  },
  ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH: {
    key: 'execution.checkpointing.checkpoints-after-tasks-finish',
    type: 'boolean',
    default: true,
    deprecatedKeys: ['execution.checkpointing.checkpoints-after-tasks-finish.enabled'],
    doc: 'Keep taking checkpoints after some tasks finished.',
  },
  FILE_MERGING_ENABLED: {
    key: 'execution.checkpointing.file-merging.enabled',
    type: 'boolean',
    default: false,
    doc: 'Merge many small checkpoint files into larger physical files (experimental).',
  },
  FILE_MERGING_ACROSS_BOUNDARY: {
    key: 'execution.checkpointing.file-merging.across-checkpoint-boundary',
    type: 'boolean',
    default: false,
    doc: 'Let logical files of different checkpoints share one physical file.',
  },
  FILE_MERGING_MAX_FILE_SIZE: {
    key: 'execution.checkpointing.file-merging.max-file-size',
    type: 'memory',
    default: '32MB',
    doc: 'Size limit of one merged physical file.',
  },
  FILE_MERGING_POOL_BLOCKING: {
    key: 'execution.checkpointing.file-merging.pool-blocking',
    type: 'boolean',
    default: false,
    doc: 'Whether the pool of physical files blocks when exhausted.',
  },
  FILE_MERGING_MAX_SUBTASKS_PER_FILE: {
    key: 'execution.checkpointing.file-merging.max-subtasks-per-file',
    type: 'int',
    default: 4,
    doc: 'Upper bound of file-pool size relative to subtasks (hidden in docs).',
  },
  FILE_MERGING_MAX_SPACE_AMPLIFICATION: {
    key: 'execution.checkpointing.file-merging.max-space-amplification',
    type: 'double',
    default: 2.0,
    doc: 'Space amplification above which files are re-uploaded; below 1 disables the check.',
  },
} as const;

export const STATE_RECOVERY_ROWS = {
  SAVEPOINT_PATH: {
    key: 'execution.state-recovery.path',
    type: 'string',
    deprecatedKeys: ['execution.savepoint.path'],
    doc: 'Savepoint or retained checkpoint to start from.',
  },
  RESTORE_MODE: {
    key: 'execution.state-recovery.claim-mode',
    type: 'enum',
    of: 'RecoveryClaimMode',
    default: 'NO_CLAIM',
    deprecatedKeys: ['execution.savepoint-restore-mode'],
    doc: 'Who owns the snapshot started from.',
  },
  SAVEPOINT_IGNORE_UNCLAIMED_STATE: {
    key: 'execution.state-recovery.ignore-unclaimed-state',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['execution.savepoint.ignore-unclaimed-state'],
    doc: 'Allow dropping state of operators that no longer exist.',
  },
  LOCAL_RECOVERY: {
    key: 'execution.state-recovery.from-local',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['state.backend.local-recovery'],
    doc: 'On recovery, use the local copy of keyed state when there is one.',
  },
  APPROXIMATE_LOCAL_RECOVERY: {
    key: 'execution.state-recovery.approximate-local-recovery',
    type: 'boolean',
    default: false,
    deprecatedKeys: ['execution.checkpointing.approximate-local-recovery'],
    doc: 'Internal flag for approximate local recovery.',
  },
  CHECKPOINT_ID_OF_IGNORED_IN_FLIGHT_DATA: {
    key: 'execution.state-recovery.without-channel-state.checkpoint-id',
    type: 'long',
    default: -1,
    deprecatedKeys: ['execution.checkpointing.recover-without-channel-state.checkpoint-id'],
    doc: 'Checkpoint id whose in-flight data is ignored at recovery.',
  },
} as const;

/** Flink's `CheckpointingOptions`. */
export const CheckpointingOptions: OptionsOf<typeof CHECKPOINTING_ROWS> = toConfigOptions(CHECKPOINTING_ROWS);

/** Flink's `StateRecoveryOptions`. */
export const StateRecoveryOptions: OptionsOf<typeof STATE_RECOVERY_ROWS> = toConfigOptions(STATE_RECOVERY_ROWS);
