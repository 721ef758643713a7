// The types of a keyed state, by what the savepoint or checkpoint says of its serializers.
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { ReadableState } from '../api/stored-state.ts';
import { UnknownSerializerError } from '../errors.ts';
import type { AnyType } from '../savepoint/known-types.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { kindOf, type StateDescription } from '../savepoint/state-description.ts';
import type { PartHeader, PartState } from './keyed-part.ts';

/** What reads the rows of a state. */
export interface StateTypes {
  readonly kind: ReadableState['kind'];
  readonly key: AnyType;
  readonly namespace: AnyType;
  /** Of a map. */
  readonly userKey?: AnyType;
  /** Of a value, of elements, of a map's values; of timers there is none. */
  readonly value?: AnyType;
}

interface Parts<T> {
  readonly namespace: T;
  readonly userKey?: T;
  readonly value?: T;
}

/** The kind of a state that the header of keyed state describes. */
export function readableKindOf(state: StateDescription): ReadableState['kind'] {
  if (state.backendType === 'PRIORITY_QUEUE') {
    return 'TIMERS';
  }
  const kind = kindOf(state);
  return kind === undefined || kind === 'FOLDING' ? 'UNKNOWN' : kind;
}

/** @throws UnknownSerializerError when one of its types is not known, which names the class and the state. */
export function stateTypesOf({ key, keyFormat }: PartHeader, state: PartState, types: SavepointTypes): StateTypes {
  if (key === undefined) {
    throw unknown(
      state.name,
      keyFormat,
      'is that of the keys, and not described by this checkpoint of an earlier release',
    );
  }
  const { namespace, userKey, value } = snapshotsOf(state);
  const typeOf = (snapshot: SerializerSnapshot) => types.typeOf(snapshot, state.name);
  return {
    kind: state.kind,
    key: types.typeOf(key),
    namespace: typeOf(namespace),
    ...(userKey && { userKey: typeOf(userKey) }),
    ...(value && { value: typeOf(value) }),
  };
}

/** As far as they can be named: of one that is not known, its class. */
export function describeState(header: PartHeader, state: PartState, types: SavepointTypes): ReadableState {
  const { name, kind } = state;
  const nameOf = (snapshot: SerializerSnapshot) => nameOfType(snapshot, types);
  try {
    const { key, namespace, userKey, value } = stateTypesOf(header, state, types);
    return {
      ...{ name, kind, keyType: key.name, namespaceType: namespace.name },
      ...(userKey && { userKeyType: userKey.name }),
      ...(value && { valueType: value.name }),
    };
  } catch (error) {
    const keyType = header.key === undefined ? header.keyFormat : nameOf(header.key);
    const problem = error as Error;
    if (state.description === undefined) {
      return { name, kind, keyType, namespaceType: '?', problem };
    }
    const { namespace, userKey, value } = snapshotsOf(state);
    return {
      ...{ name, kind, keyType, namespaceType: nameOf(namespace), problem },
      ...(userKey && { userKeyType: nameOf(userKey) }),
      ...(value && { valueType: nameOf(value) }),
    };
  }
}

/** The name of a type, or of the class that is not known. */
export function nameOfType(snapshot: SerializerSnapshot, types: SavepointTypes): string {
  try {
    return types.typeOf(snapshot).name;
  } catch (error) {
    if (error instanceof UnknownSerializerError) {
      return error.className;
    }
    throw error;
  }
}

function snapshotsOf({ name, kind, description }: PartState): Parts<SerializerSnapshot> {
  if (description === undefined) {
    throw unknown(name, name, 'is a state that this checkpoint of an earlier release does not describe');
  }
  const { backendType, serializers } = description;
  const value = serializers.VALUE_SERIALIZER;
  if (value === undefined) {
    throw unknown(name, name, 'is a state without a serializer');
  }
  const nested = (index: number, of: string) =>
    (value.kind === 'composite' ? value.nested[index] : undefined) ??
    fail(name, value.className, `does not say what its ${of} are`);
  if (kind === 'TIMERS') {
    return { namespace: nested(1, 'namespaces') };
  }
  const namespace = serializers.NAMESPACE_SERIALIZER ?? fail(name, name, 'is a state without namespaces');
  const isVersion2 = backendType === 'KEY_VALUE_V2';
  if (kind === 'LIST') {
    return { namespace, value: isVersion2 ? value : nested(0, 'elements') };
  }
  if (kind === 'MAP') {
    return isVersion2
      ? {
          ...{ namespace, value },
          userKey: serializers.USER_KEY_SERIALIZER ?? fail(name, name, 'is a map without a type of its keys'),
        }
      : { namespace, userKey: nested(0, 'keys'), value: nested(1, 'values') };
  }
  return { namespace, value };
}

function fail(stateName: string, className: string, reason: string): never {
  throw unknown(stateName, className, reason);
}

function unknown(stateName: string, className: string, reason: string): UnknownSerializerError {
  const owner = className === stateName ? '' : ` of state '${stateName}'`;
  return new UnknownSerializerError(`${className}${owner} ${reason}.`, { stateName, className });
}
