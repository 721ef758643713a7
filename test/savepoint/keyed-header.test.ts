import { describe, expect, it } from 'vitest';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { SavepointFormatError, UnknownSerializerError } from '../../lib/errors.ts';
import { type KeyedHeader, readKeyedHeader, writeKeyedHeader } from '../../lib/savepoint/keyed-header.ts';
import { SavepointInput } from '../../lib/savepoint/savepoint-input.ts';
import { kindOf } from '../../lib/savepoint/state-description.ts';
import { hex } from '../support/bytes.ts';
import { STATE_FILE, STATE_HEADER_BYTES } from '../support/worked-savepoint.ts';

const WORKED: KeyedHeader = {
  compressed: false,
  key: snapshotOf(Types.STRING.serializer),
  states: [
    {
      name: 'count',
      backendType: 'KEY_VALUE',
      options: { KEYED_STATE_TYPE: 'VALUE' },
      serializers: {
        VALUE_SERIALIZER: snapshotOf(Types.LONG.serializer),
        NAMESPACE_SERIALIZER: snapshotOf(voidNamespaceSerializer),
      },
    },
  ],
};

function written(header: KeyedHeader): Uint8Array {
  const output = new DataOutput();
  writeKeyedHeader(header, output);
  return output.copy();
}

function read(bytes: Uint8Array): KeyedHeader {
  return readKeyedHeader(new SavepointInput(bytes, "file 'x'"));
}

describe('the header of the worked savepoint', () => {
  it('is 423 bytes with its rows', () => {
    expect(STATE_FILE.length).toBe(423);
  });

  it('is read up to the rows', () => {
    const input = new SavepointInput(STATE_FILE, 'op-state');
    expect(readKeyedHeader(input)).toStrictEqual(WORKED);
    expect(input.offset).toBe(STATE_HEADER_BYTES);
  });

  it('is written byte for byte', () => {
    expect(hex(written(WORKED))).toBe(hex(STATE_FILE.subarray(0, STATE_HEADER_BYTES)));
  });
});

describe('a header with timers, lists, and states of all kinds', () => {
  it('comes back as it was', () => {
    const header: KeyedHeader = {
      compressed: true,
      key: snapshotOf(Types.TUPLE(Types.INT, Types.STRING).serializer),
      states: [
        { name: 'ärger', backendType: 'KEY_VALUE', options: { KEYED_STATE_TYPE: 'MAP' }, serializers: {} },
        { name: '_timer_state/event_user-timers', backendType: 'PRIORITY_QUEUE', options: {}, serializers: {} },
        { name: '', backendType: 'KEY_VALUE_V2', options: {}, serializers: { USER_KEY_SERIALIZER: WORKED.key } },
        {
          name: 'own format',
          backendType: 'KEY_VALUE',
          options: {},
          serializers: { VALUE_SERIALIZER: snapshotOf(Types.LIST(Types.JSON()).serializer) },
        },
      ],
    };
    expect(read(written(header))).toStrictEqual(header);
    expect(header.states.map(kindOf)).toEqual(['MAP', undefined, undefined, undefined]);
  });
});

describe('a header that can not be read', () => {
  it('of an old Flink says what to do', () => {
    expect(() => read(Buffer.from('00000005', 'hex'))).toThrow(
      /file 'x' can't be read, at byte 4 \(version of keyed state\): 5 is not 6, .*Flink 1\.16/,
    );
  });

  it('that ends early says where, and in what', () => {
    const error = thrownBy(() => read(STATE_FILE.subarray(0, 170)));
    expect(error).toBeInstanceOf(SavepointFormatError);
    expect(error).toMatchObject({ source: "file 'x'", offset: 169, code: 'ERR_SAVEPOINT_FORMAT' });
    expect((error as SavepointFormatError).field).toBe(
      'state 0, serializer[0], VALUE_SERIALIZER, class name of a serializer snapshot',
    );
  });

  it('with more states than there are bytes for is refused before any is read', () => {
    const bytes = Buffer.from(STATE_FILE);
    bytes.writeInt16BE(0x7fff, 99);
    expect(() => read(bytes)).toThrow(/number of states\): it says 32767, but only 322 bytes are left/);
  });

  it('with an unknown serializer names it and its state', () => {
    const bytes = Buffer.from(STATE_FILE);
    bytes.write('X', bytes.indexOf('LongSerializer$'));
    const error = thrownBy(() => read(bytes));
    expect(error).toBeInstanceOf(UnknownSerializerError);
    expect(error).toMatchObject({
      stateName: 'count',
      className: 'org.apache.flink.api.common.typeutils.base.XongSerializer$LongSerializerSnapshot',
    });
    expect((error as Error).message).toContain("of state 'count' is not known");
  });
});

it('a state is not written with a name that Java can not hold', () => {
  const states = [{ name: 'x'.repeat(65536), backendType: 'KEY_VALUE', options: {}, serializers: {} }] as const;
  expect(() => written({ ...WORKED, states })).toThrow(/up to 65535 bytes long/);
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
