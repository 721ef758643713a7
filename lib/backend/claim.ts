// Whose the restored checkpoint is.
import type { CheckpointSource, KeyedStateHandle, RecoveryClaimMode } from '../api/checkpoint.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { describe, typeError } from '../errors.ts';
import { StateRecoveryOptions } from '../options/checkpointing-options.ts';

const MODES: readonly unknown[] = ['CLAIM', 'NO_CLAIM', 'LEGACY'];

/**
 * What the program says, else the configuration, else `CLAIM`: a program goes on from its own checkpoint.
 *
 * @throws TypeError `ERR_INVALID_CLAIM_MODE`.
 */
export function claimModeOf(source: CheckpointSource | undefined, config: ReadableConfig): RecoveryClaimMode {
  const mode = source?.claimMode ?? config.getOptional(StateRecoveryOptions.RESTORE_MODE) ?? 'CLAIM';
  if (!MODES.includes(mode)) {
    throw typeError(
      'ERR_INVALID_CLAIM_MODE',
      `claimMode must be one of ${MODES.join(', ')}; received ${describe(mode)}.`,
    );
  }
  return mode;
}

/** Keeps retention from deleting what belongs to somebody else. */
export async function protectUnclaimed(
  { storage }: CheckpointSource,
  handles: readonly KeyedStateHandle[],
  mode: RecoveryClaimMode,
): Promise<void> {
  if (mode !== 'CLAIM') {
    for (const id of new Set(handles.map(({ checkpointId }) => checkpointId))) {
      await storage.protect?.(id);
    }
  }
}
