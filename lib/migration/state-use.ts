// How a stored state can be used by a program: the verdict about its kind, namespaces and types, as Flink gives it.
import type { StoredState } from '../api/checkpoint.ts';
import { MapStateDescriptor, type StateDescriptor } from '../api/descriptors.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { StateMigrationError } from '../errors.ts';
import { BASE } from '../savepoint/snapshot-classes.ts';
import { type StoredSerializer, storedNameOf, usableSerializer } from './serializer-verdict.ts';
import { useOfValues, type ValueMigration, withoutStamp } from './stamps.ts';
import { storedNamespaceOf, storedTypesOf } from './stored-types.ts';
import { valueTypeOf, withSerializers } from './value-type.ts';

/** A state as it is used. */
export interface StateUse {
  /** The program's, or one like it with serializers that are reconfigured. */
  readonly descriptor: StateDescriptor<unknown>;
  readonly namespaceSerializer: TypeSerializer<unknown>;
  /** `undefined` where the stored bytes are those of the serializers. */
  readonly migration: ValueMigration | undefined;
}

/** What a use depends on, beside the descriptor. */
export interface UseCircumstances {
  readonly namespaceSerializer: TypeSerializer<unknown>;
  /** When values that begin to expire were used last, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** @throws StateMigrationError when the state can't be used so, naming state, old and new type, and what does not fit. */
export function useOf(
  known: StoredState,
  descriptor: StateDescriptor<unknown>,
  { namespaceSerializer, nowMs }: UseCircumstances,
): StateUse {
  const { name, kind } = descriptor;
  if (known.kind !== kind) {
    throw new StateMigrationError(`Incompatible state types: '${name}' is known as ${known.kind}, not as ${kind}.`);
  }
  const namespace = usableNamespace(known, namespaceSerializer);
  if (known.valueFormat === descriptor.valueFormat) {
    return { descriptor, namespaceSerializer: namespace, migration: undefined };
  }
  const stored = storedTypesOf(known);
  const userKey = usableMapKey(known, stored.userKey, descriptor);
  const used = userKey === undefined ? descriptor : withSerializers(descriptor, { userKey });
  return { namespaceSerializer: namespace, ...useOfStored(stored.value, used, nowMs) };
}

/** The serializer of a state's namespaces. @throws StateMigrationError when they have another format. */
export function usableNamespace<N>(known: StoredState, serializer: TypeSerializer<N>): TypeSerializer<N> {
  if (known.namespaceFormat === serializer.id) {
    return serializer;
  }
  const stored = storedNamespaceOf(known);
  return usableSerializer(stored, serializer, (reason) => {
    const names = `${storedNameOf(stored)}, and the new type is ${serializer.id}`;
    return new StateMigrationError(
      `State '${known.name}' has namespaces stored as ${names}. The new namespace serializer must be compatible with the ` +
        `old one: ${reason}.`,
    );
  });
}

function useOfStored(
  stored: StoredSerializer,
  descriptor: StateDescriptor<unknown>,
  nowMs: number,
): Omit<StateUse, 'namespaceSerializer'> {
  const { name, serializer } = valueTypeOf(descriptor);
  const used = useOfValues(stored, {
    ...{ serializer, nowMs, hasStamps: descriptor.ttl !== undefined },
    hasNullFlags: descriptor.kind === 'MAP',
  });
  if (typeof used === 'string') {
    const storedName = storedNameOf(withoutStamp(stored));
    throw new StateMigrationError(
      `State '${descriptor.name}' is stored as ${storedName}, which can not be used as ${name}: ${used}.`,
    );
  }
  const { migration, reconfigured: value } = used;
  return { descriptor: value === undefined ? descriptor : withSerializers(descriptor, { value }), migration };
}

// A map's keys are part of the keys of rows, which are never written again.
function usableMapKey(
  known: StoredState,
  stored: StoredSerializer | undefined,
  descriptor: StateDescriptor<unknown>,
): TypeSerializer<unknown> | undefined {
  if (!(descriptor instanceof MapStateDescriptor) || stored === undefined) {
    return undefined;
  }
  const { name, serializer } = descriptor.keyType;
  const isSame = known.valueFormat.startsWith(`${BASE}.MapSerializer[${serializer.id}, `);
  return isSame
    ? undefined
    : usableSerializer(stored, serializer, (reason) => {
        const types = `${storedNameOf(stored)}, which can not become ${name}`;
        return new StateMigrationError(
          `The keys of map state '${known.name}' are stored as ${types}: ${reason}. Migration for MapState currently only ` +
            'allows value schema evolutions.',
        );
      });
}
