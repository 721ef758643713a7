// Timers of raw keyed state as the queues that canonical savepoints have instead, so that backends carry them along:
//
//   _timer_state/event_<service>, _timer_state/processing_<service>     a row for each timer, as in timers.ts
import type { SerializerLookup } from '../api/savepoint.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { snapshotOf } from '../bytes/snapshots.ts';
import type { StateRow } from './heap-canonical-rows.ts';
import { readRawTimers, type TimerService } from './raw-timers.ts';
import { SavepointInput } from './savepoint-input.ts';
import type { StateDescription } from './state-description.ts';
import { timerSerializer } from './timers.ts';

/** A key group of raw keyed state. */
export interface RawKeyGroup {
  readonly keyGroup: number;
  readonly bytes: Uint8Array;
  /** What is read, for messages. */
  readonly source: string;
}

/** Queues of timers with their rows. */
export interface TimerQueues {
  /** How their keys are serialized; `undefined` without any queue. */
  readonly key: SerializerSnapshot | undefined;
  readonly states: readonly StateDescription[];
  readonly rows: readonly StateRow[];
}

const PREFIX = '_timer_state/';
const NOTHING = new Uint8Array(0);

/** @throws SavepointFormatError when the bytes are damaged; UnknownSerializerError when a key or namespace can't be read. */
export function timerQueuesOf({ keyGroup, bytes, source }: RawKeyGroup, types: SerializerLookup): TimerQueues {
  const input = new SavepointInput(bytes, `${source}, timers of key group ${keyGroup}`);
  const services = readRawTimers(input, {
    serializerOf: (snapshot) => types.typeOf(snapshot, 'timers').serializer,
    forms: types.forms,
  });
  const queues = services.map((service) => queuesOf(service, keyGroup, types));
  return {
    key: services[0]?.key,
    states: queues.flatMap(({ states }) => states),
    rows: queues.flatMap(({ rows }) => rows),
  };
}

function queuesOf(service: TimerService, keyGroup: number, types: SerializerLookup): Omit<TimerQueues, 'key'> {
  const { eventTime, key, name, namespace, processingTime } = service;
  const timer = timerSerializer(types.typeOf(key).serializer, types.typeOf(namespace).serializer);
  const queues = [
    { stateName: `${PREFIX}event_${name}`, timers: eventTime },
    { stateName: `${PREFIX}processing_${name}`, timers: processingTime },
  ];
  const output = new DataOutput();
  const rows = queues.flatMap(({ stateName, timers }) =>
    timers.map((each): StateRow => {
      output.position = 0;
      timer.serialize(each, output);
      return { stateName, keyGroup, id: output.copy(), value: NOTHING };
    }),
  );
  const states = queues.map(
    ({ stateName }): StateDescription => ({
      ...{ name: stateName, backendType: 'PRIORITY_QUEUE', options: {} },
      serializers: { VALUE_SERIALIZER: snapshotOf(timer) },
    }),
  );
  return { states, rows };
}
