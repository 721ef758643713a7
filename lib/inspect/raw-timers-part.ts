// Timers in raw keyed state, where RocksDB's native checkpoints leave those that are held in memory: read as the states that
// they are elsewhere, one for each service and kind of time.
import type { CompositeSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { RestoreError } from '../errors.ts';
import { areRawTimers, readRawTimers, type TimerService } from '../savepoint/raw-timers.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import { type Timer, timerSerializer } from '../savepoint/timers.ts';
import type { ByteSource } from './byte-source.ts';
import type { PartHeader, PartRow, PartState, RowSelection } from './keyed-part.ts';
import { identityOf, type PartPlace } from './part-place.ts';
import { StoredPart } from './stored-part.ts';

const CLASS = 'org.apache.flink.streaming.api.operators.TimerSerializerSnapshot';
const NOTHING = new Uint8Array(0);

interface Queue {
  readonly name: string;
  readonly service: TimerService;
  readonly timers: readonly Timer<unknown, unknown>[];
}

export class RawTimersPart extends StoredPart {
  readonly layout = 'flink-raw-timers';
  readonly #place: PartPlace;
  readonly #bytes: ByteSource;
  readonly #types: SavepointTypes;

  /** @param place - its offsets are -1 for key groups without timers. */
  constructor(place: PartPlace, bytes: ByteSource, types: SavepointTypes) {
    super(identityOf(place, bytes));
    this.#place = place;
    this.#bytes = bytes;
    this.#types = types;
  }

  protected async *readRows({ keyGroups, isWanted }: RowSelection): AsyncGenerator<PartRow, void> {
    const { states } = await this.header();
    for (let keyGroup = keyGroups.start; keyGroup <= keyGroups.end; keyGroup++) {
      const queues = await this.#queuesOf(keyGroup);
      for (const [stateId, { name }] of states.entries()) {
        const queue = isWanted(stateId) ? queues.find((each) => each.name === name) : undefined;
        for (const timer of queue?.timers ?? []) {
          yield { stateId, keyGroup, key: this.#write(timer, queue as Queue), value: NOTHING };
        }
      }
    }
  }

  // Every key group names the services; those of a job differ in none.
  protected async readHeader(): Promise<PartHeader> {
    const states = new Map<string, PartState>();
    let key: SerializerSnapshot | undefined;
    for (let group = this.keyGroupRange.start; group <= this.keyGroupRange.end; group++) {
      for (const { name, service } of await this.#queuesOf(group)) {
        key ??= service.key;
        states.set(name, states.get(name) ?? { name, kind: 'TIMERS', description: describe(name, service) });
      }
    }
    return {
      compressed: false,
      key,
      keyFormat: key === undefined ? '' : serializerIdOf(key),
      states: [...states.values()],
    };
  }

  async #queuesOf(keyGroup: number): Promise<Queue[]> {
    const { offsets } = this.#place;
    const begin = offsets[keyGroup - this.keyGroupRange.start] ?? -1;
    if (begin < 0) {
      return [];
    }
    const end = offsets.reduce((least, offset) => (offset > begin && offset < least ? offset : least), this.sizeBytes);
    const bytes = await this.#bytes.read(begin, end - begin);
    if (!areRawTimers(bytes)) {
      throw new RestoreError(
        `The raw keyed state in ${this.source} is that of a program's own operator, which only the program can read.`,
      );
    }
    const input = new SavepointInput(bytes, `${this.source}, from byte ${begin} on`);
    const serializerOf = (snapshot: SerializerSnapshot) => this.#types.typeOf(snapshot).serializer;
    return readRawTimers(input, { serializerOf, forms: this.#place.forms }).flatMap((service) => [
      { name: `_timer_state/processing_${service.name}`, service, timers: service.processingTime },
      { name: `_timer_state/event_${service.name}`, service, timers: service.eventTime },
    ]);
  }

  #write(timer: Timer<unknown, unknown>, { service }: Queue): Uint8Array {
    const output = new DataOutput();
    const { key, namespace } = service;
    timerSerializer(this.#types.typeOf(key).serializer, this.#types.typeOf(namespace).serializer).serialize(
      timer,
      output,
    );
    return output.copy();
  }
}

function describe(name: string, { key, namespace }: TimerService): PartState['description'] {
  const timer: CompositeSnapshot = {
    ...{ kind: 'composite', className: CLASS, version: 3, outerVersion: 2 },
    nested: [key, namespace],
  };
  return { name, backendType: 'PRIORITY_QUEUE', options: {}, serializers: { VALUE_SERIALIZER: timer } };
}
