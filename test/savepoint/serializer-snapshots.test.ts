import { describe, expect, it } from 'vitest';
import type { SerializerSnapshot } from '../../lib/api/serializer-snapshot.ts';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { readProxySnapshot, readVersionedSnapshot } from '../../lib/savepoint/read-serializer-snapshot.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import type { SnapshotForms } from '../../lib/savepoint/snapshot-classes.ts';
import { writeProxySnapshot, writeVersionedSnapshot } from '../../lib/savepoint/write-serializer-snapshot.ts';
import { hex } from '../support/bytes.ts';
import { type GoldenType, readGoldens, type SerializerSnapshotGoldens, typeOf } from '../support/flink-goldens.ts';

const goldens = readGoldens<SerializerSnapshotGoldens>('serializer-snapshots');

const COLOR = 'rockstate.goldens.GoldenType$Color';

// Flink's maps may have null values; ours, as it has a place for that, have the same snapshot with and without NULLABLE.
function serializerOf(golden: GoldenType) {
  if (golden === 'VOID_NAMESPACE') {
    return voidNamespaceSerializer;
  }
  if (golden[0] === 'ENUM') {
    return Types.ENUM_OF(COLOR, ...(golden.slice(1) as string[])).serializer;
  }
  return typeOf(golden).serializer;
}

function written(snapshot: SerializerSnapshot, write = writeVersionedSnapshot): string {
  const output = new DataOutput();
  write(snapshot, output);
  return hex(output.copy());
}

function read(bytes: string, more?: SnapshotForms): SerializerSnapshot {
  const input = new SavepointInput(Buffer.from(bytes, 'hex'), 'snapshot');
  const snapshot = readVersionedSnapshot(input, more);
  expect(input.remaining).toBe(0);
  return snapshot;
}

describe('what Flink wrote of its serializers', () => {
  it.each(goldens.types)('is what we write of $type', ({ type, bytes }) => {
    expect(written(snapshotOf(serializerOf(type)))).toBe(bytes);
    expect(read(bytes)).toStrictEqual(snapshotOf(serializerOf(type)));
  });

  it.each(goldens.others.filter(({ name }) => !name.includes('aware')))(
    'comes back byte for byte: $name',
    ({ bytes }) => {
      expect(written(read(bytes))).toBe(bytes);
    },
  );

  it('is without the layer of Flink 2 that knows of a time to live, as Flink 1 does not have it', () => {
    const bytesOf = (name: string) => goldens.others.find((golden) => golden.name === name)?.bytes ?? '';
    expect(written(read(bytesOf('aware of time to live')))).toBe(bytesOf('value with time to live'));
    expect(read(bytesOf('list aware of time to live'))).toStrictEqual(snapshotOf(Types.LIST(Types.LONG).serializer));
  });
});

const LONG_CLASS = 'org.apache.flink.api.common.typeutils.base.LongSerializer$LongSerializerSnapshot';
const LIST_CLASS = 'org.apache.flink.api.common.typeutils.base.ListSerializerSnapshot';

describe('examples worked out by hand', () => {
  it('a LONG in a header takes 90 bytes', () => {
    const bytes = `000000020050${Buffer.from(LONG_CLASS).toString('hex')}00000003`;
    expect(written(snapshotOf(Types.LONG.serializer), writeProxySnapshot)).toBe(bytes);
    expect(bytes.length).toBe(2 * 90);
  });

  it('a STRUCT has its names, then the serializers of its fields', () => {
    const bytes =
      `001a${Buffer.from('rockstate.StructSerializer').toString('hex')}00000001` +
      `000000020001610003${Buffer.from('bé').toString('hex')}` +
      `0050${Buffer.from(LONG_CLASS).toString('hex')}00000003`.repeat(2);
    const snapshot = snapshotOf(Types.STRUCT({ a: Types.LONG, bé: Types.LONG }).serializer);
    expect(written(snapshot)).toBe(bytes);
    expect(read(bytes)).toStrictEqual(snapshot);
    expect(() => read(bytes.replace('00000001', '00000002'))).toThrow('2 is not known; 1 is');
  });

  it('a LIST of LONGs takes 177 bytes', () => {
    const bytes =
      `0041${Buffer.from(LIST_CLASS).toString('hex')}00000003000de70400000001001457fd00000001000000010050` +
      `${Buffer.from(LONG_CLASS).toString('hex')}00000003`;
    expect(written(snapshotOf(Types.LIST(Types.LONG).serializer))).toBe(bytes);
    expect(bytes.length).toBe(2 * 177);
  });
});

describe('older versions', () => {
  it('a simple snapshot of Flink 1.7 names the serializer', () => {
    const bytes = `0050${Buffer.from(LONG_CLASS).toString('hex')}000000020003616263`;
    expect(read(bytes)).toStrictEqual({
      ...{ kind: 'simple', className: LONG_CLASS, version: 2 },
      serializerClass: 'abc',
    });
    expect(written(read(bytes))).toBe(bytes);
  });

  it('a composite snapshot of Flink 1.7 has no first magic number, and one version', () => {
    const element = written(snapshotOf(Types.LONG.serializer));
    const bytes = `0041${Buffer.from(LIST_CLASS).toString('hex')}00000001001457fd0000000100000001${element}`;
    expect(read(bytes)).toMatchObject({ kind: 'composite', version: 1, outerVersion: 1, nested: [{ version: 3 }] });
    expect(written(read(bytes))).toBe(bytes);
  });

  it('rows before version 4 do not say whether they have a kind', () => {
    const row = snapshotOf(Types.ROW(Types.LONG).serializer) as Extract<SerializerSnapshot, { kind: 'composite' }>;
    const { outer: _, ...older } = { ...row, outerVersion: 3 };
    expect(read(written(older))).toStrictEqual(older);
  });

  it('the format of Flink 1.6 is refused with advice', () => {
    const input = new SavepointInput(Buffer.from('00000001', 'hex'), 'x');
    expect(() => readProxySnapshot(input)).toThrow(/1 is not 2, which Flink 1\.6 wrote; let Flink 1\.16/);
  });
});

describe("rockstate's own formats", () => {
  it('are written under their id, so that Flink names what it does not know', () => {
    expect(snapshotOf(Types.JSON().serializer)).toStrictEqual({
      ...{ kind: 'own', className: 'rockstate.JsonSerializer', version: 1 },
      id: 'rockstate.JsonSerializer',
    });
  });

  it('and serializers of programs come back, however long their id', () => {
    const serializer = { ...Types.LONG.serializer, id: `com.example.Mine[${'é€'.repeat(40_000)}]` };
    const { snapshot: _, ...own } = serializer;
    const snapshot = snapshotOf(own);
    expect(snapshot.className).toBe('rockstate.CustomSerializer');
    expect(read(written(snapshot))).toStrictEqual(snapshot);
  });
});

describe('classes of programs', () => {
  const bytes = `0007${Buffer.from('a.b$Own').toString('hex')}00000003`;

  it('are not known', () => {
    expect(() => read(bytes)).toThrow(/The serializer a\.b\$Own is not known/);
  });

  it('are read once the layout of their snapshot is given', () => {
    const more: SnapshotForms = new Map([['a.b$Own', { kind: 'simple' }]]);
    expect(read(bytes, more)).toStrictEqual({ kind: 'simple', className: 'a.b$Own', version: 3 });
  });
});

describe('damaged snapshots', () => {
  it('with a wrong magic number', () => {
    const bytes = written(snapshotOf(Types.LIST(Types.LONG).serializer)).replace('000de704', '000de705');
    expect(() => read(bytes)).toThrow(/\(ListSerializerSnapshot, magic number\): it is 000de705 where 000de704 was/);
  });

  it('nested too deeply', () => {
    let type = Types.LIST(Types.LONG) as ReturnType<typeof Types.LIST>;
    for (let depth = 0; depth < 100; depth++) {
      type = Types.LIST(type) as typeof type;
    }
    expect(() => read(written(snapshotOf(type.serializer)))).toThrow(/nested more than 64 deep/);
  });

  it('of an unknown version', () => {
    const bytes = written(snapshotOf(Types.LONG.serializer)).replace(/03$/, '09');
    expect(() => read(bytes)).toThrow(/version\): 9 is not known; Flink writes 3/);
  });
});
