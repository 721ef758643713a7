// Timers, as savepoints and checkpoints hold them:
//
//   in a queue            [timestamp, its sign bit flipped: int64][key][namespace]; in canonical rows behind the key group
//   in raw keyed state    [key][namespace][timestamp: int64]
import type { DataInputView, DataOutputView, TypeSerializer } from '../api/type-information.ts';
import { compositeId } from '../bytes/nested.ts';
import { compositeSnapshot } from '../bytes/snapshots.ts';

/** Something that is due at a time, for a key and a namespace. */
export interface Timer<K, N> {
  /** Milliseconds since 1970, or what the program counts event time in. */
  readonly timestamp: bigint;
  readonly key: K;
  readonly namespace: N;
}

const CLASS = 'org.apache.flink.streaming.api.operators.TimerSerializer';
const SIGN_BIT = 1n << 63n;
const TIMESTAMP_BYTES = 8;

/** Timers of queues: their bytes are in the order of time. */
export function timerSerializer<K, N>(
  key: TypeSerializer<K>,
  namespace: TypeSerializer<N>,
): TypeSerializer<Timer<K, N>> {
  const parts = [key, namespace] as readonly TypeSerializer<unknown>[];
  return {
    id: compositeId(CLASS, parts),
    length: parts.every(({ length }) => length >= 0) ? TIMESTAMP_BYTES + key.length + namespace.length : -1,
    snapshot: compositeSnapshot({ className: `${CLASS}Snapshot`, outerVersion: 2 }, parts),

    serialize(timer, output: DataOutputView) {
      output.writeLong(timer.timestamp ^ SIGN_BIT);
      key.serialize(timer.key, output);
      namespace.serialize(timer.namespace, output);
    },

    deserialize(input: DataInputView) {
      const timestamp = BigInt.asIntN(64, input.readLong() ^ SIGN_BIT);
      return { timestamp, key: key.deserialize(input), namespace: namespace.deserialize(input) };
    },
  };
}

/** Timers of raw keyed state. */
export function rawTimerSerializer<K, N>(
  key: TypeSerializer<K>,
  namespace: TypeSerializer<N>,
): Pick<TypeSerializer<Timer<K, N>>, 'serialize' | 'deserialize'> {
  return {
    serialize(timer, output) {
      key.serialize(timer.key, output);
      namespace.serialize(timer.namespace, output);
      output.writeLong(timer.timestamp);
    },

    deserialize: (input) => ({
      key: key.deserialize(input),
      namespace: namespace.deserialize(input),
      timestamp: input.readLong(),
    }),
  };
}
