// A state as checkpoints here keep it, and as the header of a savepoint describes it: either is made of the other.
import type { StoredState } from '../api/checkpoint.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  type ReducingStateDescriptor,
  type StateDescriptor,
  type ValueStateDescriptor,
} from '../api/descriptors.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { compositeSnapshot, snapshotOf } from '../bytes/snapshots.ts';
import { ttlSerializer } from '../bytes/ttl-value.ts';
import { CheckpointError, RestoreError } from '../errors.ts';
import { SavepointInput } from './savepoint-input.ts';
import { serializerIdOf } from './serializer-id.ts';
import { BASE } from './snapshot-classes.ts';
import { kindOf, readStates, STATE_KIND_OPTION, type StateDescription, writeStates } from './state-description.ts';

const KINDS = ['VALUE', 'LIST', 'REDUCING', 'AGGREGATING', 'MAP'] as const;

/** A state that the program describes. */
export function storedStateOf(
  descriptor: StateDescriptor<unknown>,
  namespaceSerializer: TypeSerializer<unknown>,
): StoredState {
  const { name, kind, valueFormat } = descriptor;
  const description = encode({
    name,
    backendType: 'KEY_VALUE',
    options: { [STATE_KIND_OPTION]: kind },
    serializers: { VALUE_SERIALIZER: valueSnapshot(descriptor), NAMESPACE_SERIALIZER: snapshotOf(namespaceSerializer) },
  });
  return { name, kind, valueFormat, namespaceFormat: namespaceSerializer.id, description };
}

/** A queue of timers. @param timerSerializer - of queues, as `timers.ts` makes it. */
export function storedQueueOf(
  name: string,
  timerSerializer: Pick<TypeSerializer<unknown>, 'id' | 'snapshot'>,
): StoredState {
  const serializers = { VALUE_SERIALIZER: snapshotOf(timerSerializer) };
  const description = encode({ name, backendType: 'PRIORITY_QUEUE', options: {}, serializers });
  return { name, kind: 'PRIORITY_QUEUE', valueFormat: timerSerializer.id, namespaceFormat: '', description };
}

/**
 * A state that a savepoint describes.
 *
 * @param idOf - names the formats of serializers.
 * @throws RestoreError when it is none of keyed state.
 */
export function toStoredState(
  state: StateDescription,
  idOf: (snapshot: SerializerSnapshot) => string = serializerIdOf,
): StoredState {
  const { name, backendType, serializers } = state;
  if (!['KEY_VALUE', 'KEY_VALUE_V2', 'PRIORITY_QUEUE'].includes(backendType)) {
    throw new RestoreError(`State '${name}' of the savepoint is ${backendType}, which is no keyed state.`);
  }
  const { NAMESPACE_SERIALIZER: namespace } = serializers;
  return {
    name,
    kind: backendType === 'PRIORITY_QUEUE' ? backendType : (KINDS.find((kind) => kind === kindOf(state)) ?? 'UNKNOWN'),
    valueFormat: valueFormatOf(state, idOf),
    namespaceFormat: namespace === undefined ? '' : idOf(namespace),
    description: encode(state),
  };
}

/** @throws CheckpointError for a state of a checkpoint of an earlier release that the program did not ask for since. */
export function descriptionOf(state: StoredState): StateDescription {
  if (state.description === undefined) {
    throw new CheckpointError(
      `State '${state.name}' was restored from a checkpoint that does not say how savepoints describe it; ` +
        'ask for it with its descriptor before taking a savepoint.',
    );
  }
  const bytes = new Uint8Array(Buffer.from(state.description, 'base64'));
  return readStates(
    new SavepointInput(bytes, `the description of state '${state.name}'`),
    'state',
  )[0] as StateDescription;
}

function encode(state: StateDescription): string {
  const output = new DataOutput();
  writeStates([state], output);
  return Buffer.from(output.copy()).toString('base64');
}

function valueSnapshot(descriptor: StateDescriptor<unknown>): SerializerSnapshot {
  const stored = <T>(serializer: TypeSerializer<T>) =>
    descriptor.ttl === undefined ? serializer : ttlSerializer(serializer);
  if (descriptor instanceof ListStateDescriptor) {
    return compositeSnapshot({ className: `${BASE}.ListSerializerSnapshot`, outerVersion: 1 }, [
      stored(descriptor.elementType.serializer),
    ]);
  }
  if (descriptor instanceof MapStateDescriptor) {
    return compositeSnapshot({ className: `${BASE}.MapSerializerSnapshot`, outerVersion: 1 }, [
      descriptor.keyType.serializer,
      stored(descriptor.valueType.serializer),
    ]);
  }
  const { serializer } =
    descriptor instanceof AggregatingStateDescriptor
      ? descriptor.accumulatorType
      : (descriptor as ValueStateDescriptor<unknown> | ReducingStateDescriptor<unknown>).type;
  return snapshotOf(stored(serializer));
}

// As the descriptors name their formats.
function valueFormatOf(state: StateDescription, idOf: (snapshot: SerializerSnapshot) => string): string {
  const { VALUE_SERIALIZER: value, USER_KEY_SERIALIZER: userKey } = state.serializers;
  if (value === undefined) {
    return '';
  }
  const kind = kindOf(state);
  if (kind === 'MAP') {
    const parts = value.kind === 'composite' && state.backendType === 'KEY_VALUE' ? value.nested : [userKey, value];
    return `${BASE}.MapSerializer[${parts.map((part) => part && idOf(part)).join(', ')}]`;
  }
  return kind === 'LIST' && state.backendType === 'KEY_VALUE_V2'
    ? `${BASE}.ListSerializer[${idOf(value)}]`
    : idOf(value);
}
