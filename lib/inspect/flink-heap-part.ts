// Keyed state in the format of Flink's heap backend, read as the rows that RocksDB would have. A key group:
//
//   [its number: int32]{[place in the header: int16][number of elements: int32]{[namespace][key][state], or a timer}…}…
//
// In compressed state, each state is a stream of Snappy's framing. Memory: one key group.
import type { StoredKeyGroup } from '../rocksdb/key-group-files.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { uncompressFrames } from '../savepoint/snappy-frame-reader.ts';
import type { ByteSource } from './byte-source.ts';
import type { PartHeader, PartRow, RowSelection } from './keyed-part.ts';
import { identityOf, type PartPlace, partHeaderOf, placedKeyGroups } from './part-place.ts';
import { joinKey, type SplitInput, type SplitRow, splitValue, takeValue } from './split-values.ts';
import { type StateTypes, stateTypesOf } from './state-types.ts';
import { StoredPart } from './stored-part.ts';

const GROUP_BYTES = 4;
const TIMESTAMP_BYTES = 8;
const NOTHING = new Uint8Array(0);

interface Reading extends SplitInput {
  readonly header: PartHeader;
  readonly isWanted: (stateId: number) => boolean;
}

export class FlinkHeapPart extends StoredPart {
  readonly layout = 'flink-heap';
  readonly #place: PartPlace;
  readonly #bytes: ByteSource;
  readonly #types: SavepointTypes;

  constructor(place: PartPlace, bytes: ByteSource, types: SavepointTypes) {
    super(identityOf(place, bytes));
    this.#place = place;
    this.#bytes = bytes;
    this.#types = types;
  }

  protected readHeader(): Promise<PartHeader> {
    return partHeaderOf(this.#bytes, this.#place);
  }

  protected async *readRows({ keyGroups, isWanted }: RowSelection): AsyncGenerator<PartRow, void> {
    const header = await this.header();
    for (const group of placedKeyGroups(this.#place, this.#bytes, keyGroups)) {
      const bytes = await this.#read(group, header);
      const source = `${this.source}, key group ${group.keyGroup}`;
      const reading = { bytes, input: new SavepointInput(bytes, source), header, isWanted };
      // What is behind the last wanted state need not be readable.
      let wantedLeft = header.states.filter((_, stateId) => isWanted(stateId)).length;
      for (let left = header.states.length; left > 0 && wantedLeft > 0; left--) {
        const stateId = reading.input.unsignedShort('state');
        for (const row of this.#readState(reading, stateId)) {
          yield { ...row, keyGroup: group.keyGroup };
        }
        wantedLeft -= isWanted(stateId) ? 1 : 0;
      }
    }
  }

  async #read({ keyGroup, begin, end }: StoredKeyGroup, { compressed }: PartHeader): Promise<Uint8Array> {
    const bytes = await this.#bytes.read(begin, end - begin);
    const head = new SavepointInput(bytes, this.source);
    const stored = head.int('key group');
    if (stored !== keyGroup) {
      head.fail('key group', `it is key group ${stored} where ${keyGroup} was expected`, 0);
    }
    const content = bytes.subarray(GROUP_BYTES);
    const place = { source: this.source, offset: begin + GROUP_BYTES };
    return compressed ? uncompressFrames(content, nativeSnappy, place) : content;
  }

  *#readState(reading: Reading, stateId: number): Generator<Omit<PartRow, 'keyGroup'>, void> {
    const { header, input, isWanted } = reading;
    const state = header.states[stateId] ?? input.fail('state', `${stateId} is not among ${header.states.length}`);
    const count = input.count(`number of elements of state '${state.name}'`, 1);
    // What is not wanted has to be read past, so that its types must be known too.
    const types = count === 0 ? undefined : stateTypesOf(header, state, this.#types);
    for (let left = count; left > 0; left--) {
      for (const row of elementOf(reading, types as StateTypes)) {
        if (isWanted(stateId)) {
          yield { ...row, stateId };
        }
      }
    }
  }
}

function* elementOf(from: SplitInput, types: StateTypes): Generator<SplitRow, void> {
  if (types.kind === 'TIMERS') {
    const { bytes, input } = from;
    const start = input.offset;
    input.view(TIMESTAMP_BYTES, 'timestamp');
    takeValue(from, types.key, 'key of a timer');
    takeValue(from, types.namespace, 'namespace of a timer');
    yield { key: bytes.subarray(start, input.offset), value: NOTHING };
    return;
  }
  const namespace = takeValue(from, types.namespace, 'namespace');
  const key = takeValue(from, types.key, 'key');
  yield* splitValue(from, joinKey(key, namespace, types), types);
}
