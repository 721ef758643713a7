// Values without a schema, whose shape changes from version to version: a function for each step reads older ones.
import type { SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { DataInputView, TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError, typeError } from '../errors.ts';
import { AS_IS, afterMigration, incompatible, mismatch } from './resolve-schema.ts';
import { snapshotOf } from './snapshots.ts';

/** Makes a value of the next version. It may change the value that it gets. */
// biome-ignore lint/suspicious/noExplicitAny: each version has a shape of its own, which only the program knows
export type Upgrade = (value: any) => unknown;

/** How the shape of values has changed. */
export interface UpgradeOptions {
  /**
   * The first makes a value of version 1 of one of version 0, the second one of version 2 of that, and so on. Their number is
   * the version of the values that are written; it is part of the format, so that functions may be added, but not removed.
   */
  readonly upgrades?: readonly Upgrade[];
}

const VERSION = /^(.*)\[(\d+)\]$/s;

/** @param unversioned - of version 0. @throws TypeError `ERR_INVALID_TYPE` when an upgrade is no function. */
export function upgradedType(
  unversioned: TypeInformation<unknown>,
  { upgrades = [] }: UpgradeOptions = {},
): TypeInformation<unknown> {
  const { name, serializer } = unversioned;
  if (!Array.isArray(upgrades) || upgrades.some((upgrade) => typeof upgrade !== 'function')) {
    throw typeError(
      'ERR_INVALID_TYPE',
      `The upgrades of Types.${name} must be an array of functions; received ${describe(upgrades)}.`,
    );
  }
  return { name, serializer: versionedSerializer(name, serializer, [...upgrades]) };
}

function versionedSerializer(
  name: string,
  unversioned: TypeSerializer<unknown>,
  upgrades: readonly Upgrade[],
): TypeSerializer<unknown> {
  const id = upgrades.length === 0 ? unversioned.id : `${unversioned.id}[${upgrades.length}]`;
  return {
    ...unversioned,
    id,
    resolve(stored) {
      const version = versionOf(stored, unversioned.id);
      return version === undefined
        ? mismatch(stored, snapshotOf({ id }))
        : resolveVersion(version, { name, unversioned, upgrades });
    },
  };
}

interface Versions {
  readonly name: string;
  readonly unversioned: TypeSerializer<unknown>;
  readonly upgrades: readonly Upgrade[];
}

function versionOf(stored: SerializerSnapshot, id: string): number | undefined {
  if (stored.kind !== 'own') {
    return undefined;
  }
  const [, format, version] = VERSION.exec(stored.id) ?? [undefined, stored.id, '0'];
  return format === id ? Number(version) : undefined;
}

function resolveVersion(stored: number, versions: Versions): SchemaCompatibility<unknown> {
  const { name, upgrades } = versions;
  if (stored === upgrades.length) {
    return AS_IS;
  }
  if (stored > upgrades.length) {
    return incompatible(
      `${name} of version ${stored} is newer than version ${upgrades.length}, the number of upgrades that the type has`,
    );
  }
  return afterMigration({ deserialize: (input) => upgraded(input, stored, versions) }, undefined);
}

function upgraded(input: DataInputView, stored: number, { name, unversioned, upgrades }: Versions): unknown {
  let value = unversioned.deserialize(input);
  for (const [version, upgrade] of upgrades.entries()) {
    if (version >= stored) {
      try {
        value = upgrade(value);
      } catch (cause) {
        const { message } = cause as Error;
        throw new SerializationError(
          `The upgrade of ${name} from version ${version} to ${version + 1} failed: ${message}`,
          { cause },
        );
      }
    }
  }
  return value;
}
