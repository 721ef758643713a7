// What a keyed backend begins with: nothing, a checkpoint, or an operator of a savepoint.
import type { CheckpointSource, KeyedStateHandle, RecoveryClaimMode, RestoreSource } from '../api/checkpoint.ts';
import type { StateDescriptor } from '../api/descriptors.ts';
import type { SavepointOperator } from '../api/savepoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import type { StateUse } from '../migration/state-use.ts';
import { type RestoreTarget, usableKeysOf } from '../restore/check-fits.ts';
import { isSavepoint, readSavepointState, type SavepointState } from '../restore/savepoint-state.ts';
import { selectHandles, statesOf } from '../restore/select-handles.ts';
import { claimModeOf } from './claim.ts';
import type { KeyedSettings } from './keyed-settings.ts';
import { StateRegistry } from './state-registry.ts';

export interface RestorePlan {
  readonly target: RestoreTarget;
  readonly checkpoint: CheckpointSource | undefined;
  /** Of the checkpoint: those that have key groups of the target. */
  readonly handles: readonly KeyedStateHandle[];
  readonly claimMode: RecoveryClaimMode;
  readonly savepoint: SavepointOperator | undefined;
}

/** What a plan finds before any row is read. */
export interface Beginning {
  readonly registry: StateRegistry;
  readonly savepoint: SavepointState | undefined;
  /** To use for the keys: the program's, or one that it gives for those that are stored. */
  readonly keySerializer: TypeSerializer<unknown>;
  /** Declared states that have to be migrated before they are registered. */
  readonly toMigrate: readonly StateUse[];
}

/** @throws RestoreError when the checkpoint does not fit; TypeError `ERR_INVALID_CLAIM_MODE`. */
export function planRestore(
  source: RestoreSource | undefined,
  target: RestoreTarget,
  config: ReadableConfig,
): RestorePlan {
  const savepoint = source !== undefined && isSavepoint(source) ? source : undefined;
  const checkpoint = source !== undefined && !isSavepoint(source) ? source : undefined;
  const claimMode = claimModeOf(checkpoint, config);
  const handles = checkpoint === undefined ? [] : selectHandles(checkpoint, target);
  return { target, checkpoint, handles, claimMode, savepoint };
}

/**
 * Learns which states there are, and adds those that the program declares.
 *
 * @param directory - of the settings, for what a savepoint's state has to be copied to; it exists.
 * @throws StateMigrationError when one is stored with another kind or type.
 */
export async function begin(
  { handles, savepoint: operator, target }: RestorePlan,
  declared: readonly StateDescriptor<unknown>[],
  { directory, ttlClock }: Pick<KeyedSettings<never>, 'directory' | 'ttlClock'>,
): Promise<Beginning> {
  const savepoint = operator && (await readSavepointState(operator, target, directory));
  const registry = new StateRegistry(savepoint?.states ?? statesOf(handles), () => ttlClock.now());
  const toMigrate: StateUse[] = [];
  for (const descriptor of declared) {
    const use = registry.use(descriptor, voidNamespaceSerializer);
    if (use.migration === undefined) {
      registry.register(use);
    } else {
      toMigrate.push(use);
    }
  }
  const [handle] = handles;
  const ofCheckpoint = handle === undefined ? target.keySerializer : usableKeysOf(handle, target.keySerializer);
  return { registry, savepoint, toMigrate, keySerializer: savepoint?.keySerializer ?? ofCheckpoint };
}
