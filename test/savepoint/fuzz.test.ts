// Damaged files give a clear error, whatever the damage. ROCKSTATE_FUZZ_MUTANTS says how many there are in all.
import { describe, expect, it } from 'vitest';
import type { SerializerSnapshot } from '../../lib/api/serializer-snapshot.ts';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { resolveSchema } from '../../lib/bytes/resolve-schema.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SavepointFormatError, UnknownSerializerError } from '../../lib/errors.ts';
import { canonicalRowsOf } from '../../lib/savepoint/canonical-row-reader.ts';
import { type HeapState, heapRowsOf } from '../../lib/savepoint/heap-rows.ts';
import { readKeyedHeader } from '../../lib/savepoint/keyed-header.ts';
import type { AnyType } from '../../lib/savepoint/known-types.ts';
import { readListElements } from '../../lib/savepoint/operator-state.ts';
import { readOperatorStateHeader } from '../../lib/savepoint/operator-state-header.ts';
import { readRawTimers } from '../../lib/savepoint/raw-timers.ts';
import { readMetadata } from '../../lib/savepoint/read-metadata.ts';
import { readVersionedSnapshot } from '../../lib/savepoint/read-serializer-snapshot.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import { SavepointTypes } from '../../lib/savepoint/savepoint-types.ts';
import { uncompressFrames } from '../../lib/savepoint/snappy-frame-reader.ts';
import { compressFrames } from '../../lib/savepoint/snappy-frame-writer.ts';
import { writeVersionedSnapshot } from '../../lib/savepoint/write-serializer-snapshot.ts';
import {
  type MetadataGoldens,
  readGoldens,
  type SerializerSnapshotGoldens,
  type StateStreamGoldens,
} from '../support/flink-goldens.ts';
import { mutantOf, randomFrom } from '../support/mutants.ts';
import { SNAPPY } from '../support/snappy.ts';
import { METADATA_FILE, OFFSETS, STATE_FILE } from '../support/worked-savepoint.ts';

const MUTANTS = Number(process.env.ROCKSTATE_FUZZ_MUTANTS ?? 20_000);
const MAX_HEAP_GROWTH_BYTES = 256 * 2 ** 20;
const SEED = 20_260_101;

const metadata = readGoldens<MetadataGoldens>('metadata').files.map(({ bytes }) => Buffer.from(bytes, 'hex'));
const snapshots = readGoldens<SerializerSnapshotGoldens>('serializer-snapshots');
const streams = readGoldens<StateStreamGoldens>('state-streams');
const heap = streams.heap.map(({ bytes }) => Buffer.from(bytes, 'hex'));
const types = new SavepointTypes();
const timers = Buffer.concat([
  Buffer.from('f1cd859f0000000200000001000161', 'hex'),
  Buffer.from(snapshots.types.find(({ type }) => type === 'STRING')?.bytes ?? '', 'hex'),
  Buffer.from(snapshots.types.find(({ type }) => type === 'VOID_NAMESPACE')?.bytes ?? '', 'hex'),
  Buffer.from('00000001026b0000000000000003e800000000', 'hex'),
]);

// Within each other, with an enum and what only rockstate writes.
const struct = Types.STRUCT({
  name: Types.STRING,
  visits: Types.LIST(Types.STRUCT({ kind: Types.ENUM('a', 'b'), data: Types.NULLABLE(Types.JSON()) })),
});

interface Target {
  readonly seeds: readonly Uint8Array[];
  read(bytes: Uint8Array): unknown;
}

const TARGETS: Readonly<Record<string, Target>> = {
  metadata: { seeds: [METADATA_FILE, ...metadata], read: (bytes) => readMetadata(bytes, '_metadata') },
  'headers of keyed state': {
    seeds: [STATE_FILE, ...heap],
    read: (bytes) => readKeyedHeader(new SavepointInput(bytes, 'state')),
  },
  'serializer snapshots, and their types': {
    seeds: [...snapshots.types, ...snapshots.others].map(({ bytes }) => Buffer.from(bytes, 'hex')),
    read: readType,
  },
  'snapshots of structs, and what they can become': {
    seeds: [structSnapshot()],
    read: (bytes) => resolveSchema(readType(bytes).serializer.snapshot as SerializerSnapshot, struct.serializer),
  },
  'canonical rows': {
    seeds: [STATE_FILE.subarray(OFFSETS[35])],
    read: (bytes) => [
      ...canonicalRowsOf(bytes, { keyGroup: 35, maxParallelism: 128, stateCount: 1, source: 'state', offset: 0 }),
    ],
  },
  'heap rows': { seeds: heapGroups(), read: readHeapGroup },
  'operator state': { seeds: operatorSeeds(), read: readOperatorState },
  timers: {
    seeds: [timers],
    read: (bytes) =>
      readRawTimers(new SavepointInput(bytes, 'raw'), { serializerOf: (key) => types.typeOf(key).serializer }),
  },
  'compressed bytes': {
    seeds: [compressFrames(STATE_FILE, SNAPPY), ...streams.framed.map(({ bytes }) => Buffer.from(bytes, 'hex'))],
    read: (bytes) => uncompressFrames(bytes, SNAPPY, { source: 'frames', offset: 0 }),
  },
};

describe.each(Object.entries(TARGETS))('%s', (_name, { seeds, read }) => {
  const count = Math.ceil(MUTANTS / Object.keys(TARGETS).length);

  it('are read undamaged', () => {
    for (const seed of seeds.slice(0, 1)) {
      expect(() => read(seed)).not.toThrow();
    }
  });

  it('give a clear error, and take little memory, however they are damaged', () => {
    const random = randomFrom(SEED);
    const before = memoryBytes();
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const mutant = mutantOf(seeds[i % seeds.length] as Uint8Array, random);
      refused += outcomeOf(() => read(mutant), mutant);
    }
    expect(memoryBytes() - before).toBeLessThan(MAX_HEAP_GROWTH_BYTES);
    // Most damages are found; that of a value's content is not.
    expect(refused).toBeGreaterThan(count / 10);
  });
});

function outcomeOf(read: () => unknown, mutant: Uint8Array): 0 | 1 {
  try {
    read();
    return 0;
  } catch (error) {
    if (!(error instanceof SavepointFormatError || error instanceof UnknownSerializerError)) {
      throw new Error(`Not a clear error, of ${Buffer.from(mutant).toString('hex')}`, { cause: error });
    }
    return 1;
  }
}

function memoryBytes(): number {
  const { heapTotal, external } = process.memoryUsage();
  return heapTotal + external;
}

function readType(bytes: Uint8Array): AnyType {
  return types.typeOf(readVersionedSnapshot(new SavepointInput(bytes, 'snapshot')));
}

function structSnapshot(): Uint8Array {
  const output = new DataOutput();
  writeVersionedSnapshot(snapshotOf(struct.serializer), output);
  return output.copy();
}

function heapGroups(): Uint8Array[] {
  const [golden] = streams.heap;
  return (golden?.offsets ?? []).map((offset, index) =>
    (heap[0] as Buffer).subarray(offset, golden?.offsets[index + 1]),
  );
}

function readHeapGroup(bytes: Uint8Array): unknown {
  const header = readKeyedHeader(new SavepointInput(heap[0] as Buffer, 'heap'));
  const key = types.typeOf(header.key).serializer;
  const states = header.states.map(({ name, backendType, serializers }): HeapState => {
    const value = types.typeOf(serializers.VALUE_SERIALIZER as never).serializer;
    return backendType === 'PRIORITY_QUEUE'
      ? { kind: 'timers', name, timer: value as never }
      : {
          ...{ kind: 'state', name, key, value },
          namespace: types.typeOf(serializers.NAMESPACE_SERIALIZER as never).serializer,
        };
  });
  return [...heapRowsOf({ keyGroup: bytes[3] ?? 0, bytes, source: 'heap', states })];
}

function operatorSeeds(): Uint8Array[] {
  return streams.operator.filter(({ compressed }) => !compressed).map(({ bytes }) => Buffer.from(bytes, 'hex'));
}

function readOperatorState(bytes: Uint8Array): unknown {
  const [golden] = streams.operator;
  const states = golden?.states ?? [];
  const { lists } = readOperatorStateHeader(new SavepointInput(bytes, 'operator'));
  return lists.map(({ name, serializers }) => {
    const offsets = states.find((state) => state.name === name) ?? { name, mode: 'UNION', offsets: [] };
    const { VALUE_SERIALIZER: value } = serializers;
    return value && readListElements({ bytes, source: 'operator', states }, offsets, types.typeOf(value).serializer);
  });
}
