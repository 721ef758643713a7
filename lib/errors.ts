// Every error class of the project, and the one way to report a caller's mistake.

/** How bad a RocksDB failure is, as RocksDB judges it. */
export type RocksDBErrorSeverity = 'NO_ERROR' | 'SOFT_ERROR' | 'HARD_ERROR' | 'FATAL_ERROR' | 'UNRECOVERABLE_ERROR';

/** What the native side says of a failure. */
export interface RocksDBErrorDetails {
  readonly code: string;
  readonly subcode: string;
  readonly severity: RocksDBErrorSeverity;
}

/**
 * A failure inside RocksDB, or of its binding.
 *
 * `code` is stable: `ERR_ROCKSDB_` and RocksDB's own name of the status (`IO_ERROR`, `CORRUPTION`, `INVALID_ARGUMENT`,
 * `BUSY`, …), or one of the binding's: `ERR_ROCKSDB_CLOSED`, `ERR_ROCKSDB_UNKNOWN_COLUMN_FAMILY`,
 * `ERR_ROCKSDB_TOO_LARGE`. `subcode` is finer where RocksDB knows more (`NO_SPACE`, `PATH_NOT_FOUND`), else `NONE`.
 */
export class RocksDBError extends Error {
  override readonly name = 'RocksDBError';
  readonly code: string;
  readonly subcode: string;
  readonly severity: RocksDBErrorSeverity;

  constructor(message: string, details: RocksDBErrorDetails) {
    super(message);
    this.code = details.code;
    this.subcode = details.subcode;
    this.severity = details.severity;
  }
}

/** The native binary could not be found or loaded; the message says what to run. */
export class NativeBindingError extends Error {
  override readonly name = 'NativeBindingError';
  readonly code = 'ERR_NATIVE_BINDING';
}

/**
 * A value could not be written with, or read by, its serializer. When a state was accessed, the message names the state, the
 * current key, shortly, and the value; `cause` is what the serializer threw.
 */
export class SerializationError extends Error {
  override readonly name = 'SerializationError';
  readonly code = 'ERR_SERIALIZATION';
  /** The message without the path. */
  readonly reason: string;
  /** Where in the value, as in `[2].get("a")`; empty when it is the whole value. */
  readonly path: string;

  constructor(reason: string, options: ErrorOptions & { readonly path?: string } = {}) {
    const { path = '' } = options;
    super(path === '' ? reason : `At ${path}: ${reason}`, options);
    this.reason = reason;
    this.path = path;
  }
}

/** A checkpoint could not be taken, stored or found. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code = 'ERR_CHECKPOINT';
}

/** A checkpoint could not be restored: it is damaged, incomplete, or does not fit the job. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError';
  readonly code = 'ERR_RESTORE';
  /** The newest complete checkpoint before the one that failed, where the storage knows one. */
  readonly fallbackCheckpointId: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly fallbackCheckpointId?: number | undefined } = {}) {
    super(message, options);
    this.fallbackCheckpointId = options.fallbackCheckpointId;
  }
}

/** What was asked for was cancelled by its signal before it was done; `cause` is the signal's reason. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly code = 'ERR_CANCELLED';

  /** @param what - as in "Opening the keyed backend". */
  constructor(what: string, reason: unknown) {
    const said = reason instanceof Error ? reason.message : String(reason);
    super(`${what} was cancelled: ${said.replace(/\.$/, '')}.`, { cause: reason });
  }
}

/** A job has failed, and is not started again; `cause` is why. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code = 'ERR_JOB_FAILED';

  constructor(jobName: string, cause: unknown) {
    super(`Job '${jobName}' failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** A state was restored with a type that does not fit what is stored. */
export class StateMigrationError extends Error {
  override readonly name = 'StateMigrationError';
  readonly code = 'ERR_STATE_MIGRATION';
}

/** A file of a savepoint or checkpoint that Flink's formats describe can't be read: it is damaged, or of another format. */
export class SavepointFormatError extends Error {
  override readonly name = 'SavepointFormatError';
  readonly code = 'ERR_SAVEPOINT_FORMAT';
  /** What was read: the name of a file, for example. */
  readonly source: string;
  /** Bytes from the start of the source to what could not be read. */
  readonly offset: number;
  /** What was being read, as in `operator 0, subtask 3, file name`. */
  readonly field: string;

  constructor(
    reason: string,
    place: Pick<SavepointFormatError, 'source' | 'offset' | 'field'>,
    options?: ErrorOptions,
  ) {
    super(`${place.source} can't be read, at byte ${place.offset} (${place.field}): ${reason}`, options);
    this.source = place.source;
    this.offset = place.offset;
    this.field = place.field;
  }
}

/** A savepoint describes a serializer that is not known here, so that values can't be read, or not even what follows it. */
export class UnknownSerializerError extends Error {
  override readonly name = 'UnknownSerializerError';
  readonly code = 'ERR_UNKNOWN_SERIALIZER';
  /** The state, where it is one of a state. */
  readonly stateName: string | undefined;
  /** The Java class that is not known. */
  readonly className: string;

  constructor(message: string, details: Pick<UnknownSerializerError, 'stateName' | 'className'>) {
    super(message);
    this.stateName = details.stateName;
    this.className = details.className;
  }
}

/**
 * A use of keyed state that can't work: no current key, a write while a snapshot is being captured, a closed backend, timers
 * that are being fired already.
 */
export class StateAccessError extends Error {
  override readonly name = 'StateAccessError';
  readonly code:
    | 'ERR_NO_CURRENT_KEY'
    | 'ERR_SNAPSHOT_BEING_CAPTURED'
    | 'ERR_BACKEND_CLOSED'
    | 'ERR_ENTRY_REMOVED'
    | 'ERR_TIMERS_FIRING'
    | 'ERR_UNKNOWN_STATE'
    | 'ERR_STATE_IN_USE'
    | 'ERR_STATE_DROPPED';

  constructor(code: StateAccessError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A caller's mistake about the kind of a value: a `TypeError` with a `code`. */
export function typeError(code: `ERR_${string}`, message: string): TypeError & { code: string } {
  return Object.assign(new TypeError(message), { code });
}

/** A caller's mistake about the size of a value: a `RangeError` with a `code`. */
export function rangeError(code: `ERR_${string}`, message: string): RangeError & { code: string } {
  return Object.assign(new RangeError(message), { code });
}

/** A short, safe picture of a value for an error message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > 60
      ? `${JSON.stringify(value.slice(0, 60))}… (${value.length} characters)`
      : JSON.stringify(value);
  }
  if (typeof value === 'bigint') {
    return `${value}n`;
  }
  if (value instanceof Uint8Array) {
    return `${value.constructor.name} of ${value.byteLength} bytes`;
  }
  if (typeof value === 'object' && value !== null) {
    return `an instance of ${value.constructor?.name ?? 'Object'}`;
  }
  return String(value);
}
