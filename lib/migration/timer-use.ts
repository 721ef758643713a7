// How a stored queue of timers can be used: its keys and namespaces are never written again.
import type { StoredState } from '../api/checkpoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { StateMigrationError } from '../errors.ts';
import { timerSerializer } from '../savepoint/timers.ts';
import { type StoredSerializer, storedNameOf, usableSerializer } from './serializer-verdict.ts';
import { storedTimerTypesOf } from './stored-types.ts';

/** The serializers of timers. */
export interface TimerTypes<K, N> {
  readonly key: TypeSerializer<K>;
  readonly namespace: TypeSerializer<N>;
}

/** @throws StateMigrationError when the state is no queue, or its keys or namespaces can't be used. */
export function usableTimers<K, N>(known: StoredState, types: TimerTypes<K, N>): TimerTypes<K, N> {
  const { name, kind, valueFormat } = known;
  if (kind !== 'PRIORITY_QUEUE') {
    throw new StateMigrationError(`Incompatible state types: '${name}' is known as ${kind}, not as timers.`);
  }
  const newFormat = timerSerializer(types.key, types.namespace).id;
  if (valueFormat === newFormat) {
    return types;
  }
  const fail = (reason: string) =>
    new StateMigrationError(
      `The new priority queue serializer must not be incompatible. Timers of '${name}' are stored by ${valueFormat}, and ` +
        `the new types write ${newFormat}: ${reason}.`,
    );
  const [key, namespace] = storedTimerTypesOf(known);
  if (key === undefined || namespace === undefined) {
    throw fail('nothing says what they were written with');
  }
  return {
    key: usableSerializer(key, types.key, (reason) => fail(partReason('keys', key, reason))),
    namespace: usableSerializer(namespace, types.namespace, (reason) =>
      fail(partReason('namespaces', namespace, reason)),
    ),
  };
}

function partReason(what: string, stored: StoredSerializer, reason: string): string {
  return `their ${what} are ${storedNameOf(stored)}, and ${reason}`;
}
