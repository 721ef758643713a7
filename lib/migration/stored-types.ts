// The serializers that a stored state was written with, taken apart as descriptors have them.
import type { StoredState } from '../api/checkpoint.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { descriptionOf } from '../savepoint/described-state.ts';
import type { StateDescription } from '../savepoint/state-description.ts';
import { type StoredSerializer, storedBy } from './serializer-verdict.ts';

export interface StoredTypes {
  /** Of a value, an accumulator, an element of a list, or the value of a map's entry. */
  readonly value: StoredSerializer;
  /** Of the keys of a map. */
  readonly userKey: StoredSerializer | undefined;
}

/** Of a state that does not say what it was written with, only the whole format is known. */
export function storedTypesOf(state: StoredState): StoredTypes {
  const description = describedBy(state);
  const value = description?.serializers.VALUE_SERIALIZER;
  if (description === undefined || value === undefined) {
    return { value: { id: state.valueFormat, snapshot: undefined }, userKey: undefined };
  }
  // The asynchronous states of Flink 2 have their parts one by one.
  const isWhole = description.backendType === 'KEY_VALUE';
  if (state.kind === 'LIST' && isWhole) {
    return { value: storedBy(partOf(value, 0)), userKey: undefined };
  }
  if (state.kind === 'MAP') {
    const [userKey, itsValue] = isWhole
      ? [partOf(value, 0), partOf(value, 1)]
      : [description.serializers.USER_KEY_SERIALIZER ?? value, value];
    return { value: storedBy(itsValue), userKey: storedBy(userKey) };
  }
  // A program may say by which type a class is read: the id that is known is that type's then.
  return { value: { id: state.valueFormat, snapshot: value }, userKey: undefined };
}

/** That of a queue's timers: of their keys and namespaces. */
export function storedTimerTypesOf(state: StoredState): readonly StoredSerializer[] {
  const timer = describedBy(state)?.serializers.VALUE_SERIALIZER;
  return timer?.kind === 'composite' ? timer.nested.map(storedBy) : [];
}

export function storedNamespaceOf(state: StoredState): StoredSerializer {
  return { id: state.namespaceFormat, snapshot: describedBy(state)?.serializers.NAMESPACE_SERIALIZER };
}

// What can't be read says as little as what is not there.
function describedBy(state: StoredState): StateDescription | undefined {
  try {
    return descriptionOf(state);
  } catch {
    return undefined;
  }
}

function partOf(snapshot: SerializerSnapshot, index: number): SerializerSnapshot {
  return (snapshot.kind === 'composite' && snapshot.nested[index]) || snapshot;
}
