// Timers in raw keyed state, where RocksDB's native checkpoints leave those that are held in memory: read as the states that
// they are elsewhere, one for each service and kind of time.
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { RestoreError } from '../errors.ts';
import { type TimerQueues, timerQueuesOf } from '../savepoint/raw-timer-rows.ts';
import { areRawTimers } from '../savepoint/raw-timers.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import type { ByteSource } from './byte-source.ts';
import type { PartHeader, PartRow, PartState, RowSelection } from './keyed-part.ts';
import { identityOf, type PartPlace } from './part-place.ts';
import { StoredPart } from './stored-part.ts';

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
    const stateIds = new Map(states.map(({ name }, stateId) => [name, stateId]));
    for (let keyGroup = keyGroups.start; keyGroup <= keyGroups.end; keyGroup++) {
      for (const { stateName, id, value } of (await this.#queuesOf(keyGroup)).rows) {
        const stateId = stateIds.get(stateName) as number;
        if (isWanted(stateId)) {
          yield { stateId, keyGroup, key: id, value };
        }
      }
    }
  }

  // Every key group names the services; those of a job differ in none.
  protected async readHeader(): Promise<PartHeader> {
    const states = new Map<string, PartState>();
    let key: SerializerSnapshot | undefined;
    for (let group = this.keyGroupRange.start; group <= this.keyGroupRange.end; group++) {
      const queues = await this.#queuesOf(group);
      key ??= queues.key;
      for (const description of queues.states) {
        const { name } = description;
        states.set(name, states.get(name) ?? { name, kind: 'TIMERS', description });
      }
    }
    return {
      compressed: false,
      key,
      keyFormat: key === undefined ? '' : serializerIdOf(key),
      states: [...states.values()],
    };
  }

  async #queuesOf(keyGroup: number): Promise<TimerQueues> {
    const { offsets } = this.#place;
    const begin = offsets[keyGroup - this.keyGroupRange.start] ?? -1;
    if (begin < 0) {
      return { key: undefined, states: [], rows: [] };
    }
    const end = offsets.reduce((least, offset) => (offset > begin && offset < least ? offset : least), this.sizeBytes);
    const bytes = await this.#bytes.read(begin, end - begin);
    if (!areRawTimers(bytes)) {
      throw new RestoreError(
        `The raw keyed state in ${this.source} is that of a program's own operator, which only the program can read.`,
      );
    }
    const source = `${this.source}, from byte ${begin} on`;
    return timerQueuesOf({ keyGroup, bytes, source }, this.#types);
  }
}
