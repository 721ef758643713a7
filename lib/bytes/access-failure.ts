// The error for a value that could not be written to, or read from, a state. All of it is made only when that happens.
import { RocksDBError, SerializationError } from '../errors.ts';
import { preview } from './preview.ts';
import { withoutStamps } from './ttl-value.ts';

/** What failed, and where. */
export interface FailedAccess {
  readonly state: string;
  readonly action: 'written' | 'read' | 'accessed';
  /** Gives the key under which it happened. */
  readonly key: () => unknown;
  /** What was given, behind a word for what it is; absent for a read. */
  readonly given?: readonly [what: 'value' | 'map key' | 'namespace', value: unknown] | undefined;
  readonly cause: unknown;
}

/** What is too large for any buffer is no fault of the serializer's, and is answered as it is. */
export function accessFailure({ state, action, key, given, cause }: FailedAccess): SerializationError | RocksDBError {
  if (cause instanceof RocksDBError) {
    return cause;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const what = given === undefined ? '' : `, ${given[0]} ${preview(withoutStamps(given[1]))}`;
  return new SerializationError(`State '${state}' could not be ${action} under key ${keyText(key)}${what}: ${reason}`, {
    cause,
  });
}

function keyText(key: () => unknown): string {
  try {
    return preview(key());
  } catch {
    return 'that could not be read either';
  }
}
