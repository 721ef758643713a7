// The options of a keyed backend after checks, with defaults filled in.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyedStateBackendOptions } from '../api/backend.ts';
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { MetricGroup } from '../api/metrics.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import type { ReadableConfig } from '../config/configuration.ts';
import { describe, typeError } from '../errors.ts';
import { checkKeyGroupRange, checkMaxParallelism } from '../keys/key-groups.ts';
import type { StateTracking } from '../metrics/state-tracker.ts';
import { CheckpointingOptions } from '../options/checkpointing-options.ts';
import { latencyTracking, sizeTracking } from '../options/state-tracking-options.ts';
import { TtlClock } from '../ttl/ttl-clock.ts';
import { checkSignal } from './cancellation.ts';

const DEFAULT_MAX_PARALLELISM = 128;

export interface KeyedSettings<K> {
  readonly keyType: TypeInformation<K> & { hashCode(key: K): number };
  readonly maxParallelism: number;
  readonly keyGroupRange: KeyGroupRange;
  /** By which values expire. */
  readonly ttlClock: TtlClock;
  /** For working files; it does not exist yet, and is removed on close. */
  readonly directory: string;
  /** What is measured of calls of state; `undefined` for nothing. */
  readonly tracking: StateTracking | undefined;
  /** Whether savepoints are compressed where the program does not say. */
  readonly compressesSavepoints: boolean;
}

/** @throws TypeError or RangeError for options that can't work, naming the one and the value received. */
export function toKeyedSettings<K>(options: KeyedStateBackendOptions<K>, config: ReadableConfig): KeyedSettings<K> {
  const { keyType, maxParallelism = DEFAULT_MAX_PARALLELISM, localDir = tmpdir() } = options;
  if (typeof keyType?.serializer?.serialize !== 'function') {
    throw typeError(
      'ERR_INVALID_KEY_TYPE',
      `keyType must be a TypeInformation such as Types.STRING; received ${describe(keyType)}.`,
    );
  }
  if (!canBeKey(keyType)) {
    throw typeError(
      'ERR_INVALID_KEY_TYPE',
      `Type ${keyType.name} can not be a key: equal values may have different bytes.`,
    );
  }
  checkSignal(options.signal);
  checkMaxParallelism(maxParallelism);
  const keyGroupRange = options.keyGroupRange ?? { start: 0, end: maxParallelism - 1 };
  checkKeyGroupRange(keyGroupRange, maxParallelism);
  const directory = join(localDir, `rockstate-${randomUUID()}`);
  const compressesSavepoints = config.get(CheckpointingOptions.SNAPSHOT_COMPRESSION);
  const tracking = toTracking(config, options.metricGroup);
  const ttlClock = new TtlClock(options.ttlTimeProvider);
  return { keyType, maxParallelism, keyGroupRange, ttlClock, directory, tracking, compressesSavepoints };
}

/** The settings with another serializer of the keys. */
export function withKeySerializer<K>(
  settings: KeyedSettings<K>,
  serializer: TypeSerializer<unknown>,
): KeyedSettings<K> {
  const { keyType } = settings;
  return serializer === keyType.serializer
    ? settings
    : { ...settings, keyType: { ...keyType, serializer: serializer as TypeSerializer<K> } };
}

// Without a group nothing is measured, as nobody could see it.
function toTracking(config: ReadableConfig, group: MetricGroup | undefined): StateTracking | undefined {
  const latency = latencyTracking(config);
  const size = sizeTracking(config);
  return group && { group, latency, size };
}

function canBeKey<K>(type: TypeInformation<K>): type is KeyedSettings<K>['keyType'] {
  return type.hashCode !== undefined;
}
