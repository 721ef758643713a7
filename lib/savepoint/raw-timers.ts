// The timers of a key group in raw keyed state, where RocksDB's native checkpoints leave timers that are held in memory:
//
//   key group  [identifier f1cd859f][version 2: int32][number of services: int32]{service}…
//   service    [name: UTF][snapshot of the key's serializer][snapshot of the namespace's]
//              [number: int32]{timer in event time}…[number: int32]{timer in processing time}…
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { readVersionedSnapshot } from './read-serializer-snapshot.ts';
import type { SavepointInput } from './savepoint-input.ts';
import type { SnapshotForms } from './snapshot-classes.ts';
import { rawTimerSerializer, type Timer } from './timers.ts';

/** The timers of one service and key group. */
export interface TimerService<K = unknown, N = unknown> {
  /** `user-timers` of process functions, `window-timers` of windows. */
  readonly name: string;
  readonly key: SerializerSnapshot;
  readonly namespace: SerializerSnapshot;
  readonly eventTime: readonly Timer<K, N>[];
  readonly processingTime: readonly Timer<K, N>[];
}

/** What finds the serializers by which timers are read. */
export interface TimerReading {
  serializerOf(snapshot: SerializerSnapshot): TypeSerializer<unknown>;
  /** How snapshots of the program's own classes are laid out. */
  readonly forms?: SnapshotForms;
}

const IDENTIFIER = 0xf1cd_859f | 0;
const VERSION = 2;
const MIN_SERVICE_BYTES = 22;

/** Whether the bytes are timers of Flink, and not raw keyed state of a program's operator. */
export function areRawTimers(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getInt32(0) === IDENTIFIER;
}

/**
 * @throws SavepointFormatError when the bytes are damaged, or no timers.
 * @throws UnknownSerializerError when a serializer's class is not known.
 */
export function readRawTimers(input: SavepointInput, reading: TimerReading): TimerService[] {
  input.magic('identifier of timers', IDENTIFIER);
  const version = input.int('version of timers');
  if (version !== VERSION) {
    input.fail('version of timers', `${version} is not ${VERSION}, that of Flink 1.8 and later`);
  }
  return input.list('service', MIN_SERVICE_BYTES, () => readService(input, reading));
}

function readService(input: SavepointInput, { serializerOf, forms }: TimerReading): TimerService {
  const name = input.utf('name');
  const key = input.in('key serializer', () => readVersionedSnapshot(input, forms));
  const namespace = input.in('namespace serializer', () => readVersionedSnapshot(input, forms));
  const timer = { id: name, length: -1, ...rawTimerSerializer(serializerOf(key), serializerOf(namespace)) };
  const readTimers = (field: string) => {
    // No timer is shorter than its timestamp.
    const count = input.count(`number of ${field} timers`, 8);
    const timers: Timer<unknown, unknown>[] = [];
    while (timers.length < count) {
      timers.push(input.decode(timer, `${field} timer`));
    }
    return timers;
  };
  return { name, key, namespace, eventTime: readTimers('event-time'), processingTime: readTimers('processing-time') };
}
