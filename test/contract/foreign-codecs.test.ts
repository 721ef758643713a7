// State of the messages and records of other libraries, with the libraries themselves.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Type as SchemaType, TypeSchema } from '@bufbuild/protobuf/wkt';
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError, StateMigrationError } from '../../lib/errors.ts';
import { NEWER_ORDER, ORDER_TYPES, ORDERS, type Order, plain } from '../support/orders.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, type Bench, withBackend } from '../support/with-backend.ts';

const STRING_KEYS = { keyType: Types.STRING };

function statesOf(keyed: KeyedStateBackend<string>, type: TypeInformation<Order>) {
  return {
    value: keyed.getState(new ValueStateDescriptor('value', type)),
    list: keyed.getListState(new ListStateDescriptor('list', type)),
    map: keyed.getMapState(new MapStateDescriptor('map', Types.STRING, type)),
  };
}

function fill(keyed: KeyedStateBackend<string>, type: TypeInformation<Order>): void {
  const [first, second] = ORDERS as [Order, Order];
  const { value, list, map } = statesOf(keyed, type);
  keyed.setCurrentKey('k');
  value.update(structuredClone(first));
  list.addAll(structuredClone([first, second]));
  list.add(structuredClone(first));
  map.put('second', structuredClone(second));
}

function expectFilled(keyed: KeyedStateBackend<string>, type: TypeInformation<Order>): void {
  const [first, second] = ORDERS as [Order, Order];
  const { value, list, map } = statesOf(keyed, type);
  keyed.setCurrentKey('k');
  expect(plain(value.value())).toEqual(first);
  expect(list.get().map(plain)).toEqual([first, second, first]);
  expect(plain(map.get('second'))).toEqual(second);
}

async function restoredAs(bench: Bench, written: TypeInformation<Order>): Promise<KeyedStateBackend<string>> {
  const keyed = await bench.open(STRING_KEYS);
  fill(keyed, written);
  expectFilled(keyed, written);
  return restored(bench, keyed, STRING_KEYS);
}

describe.each(Object.entries(BACKENDS))('on %s, state', (_name, makeBackend) => {
  describe.each(Object.entries(ORDER_TYPES))('of messages by %s', (_library, type) => {
    it('gives them back, also after a restore and another one', () =>
      withBackend(makeBackend, async (bench) => {
        const again = await restoredAs(bench, type);
        expectFilled(again, type);
        expectFilled(await restored(bench, again, STRING_KEYS), type);
      }));

    it('refuses what the library refuses, and says where', () =>
      withBackend(makeBackend, async ({ open }) => {
        const keyed = await open(STRING_KEYS);
        const { value, list } = statesOf(keyed, type);
        keyed.setCurrentKey('k');
        const wrong = { id: 'one', customer: 'Ahab', items: [] } as unknown as Order;
        const message =
          /^State 'value' could not be written under key "k", value \{id: "one", .*(PROTOBUF|AVRO).* can not hold/;
        expect(() => value.update(wrong)).toThrow(SerializationError);
        expect(() => value.update(wrong)).toThrow(message);
        await expect(value.asyncUpdate(wrong)).rejects.toThrow(message);
        expect(() => list.addAll([ORDERS[0] as Order, wrong])).toThrow(/At \[1\]: /);
        expect(await keyed.numKeyValueStateEntries()).toBe(0);
      }));
  });

  it('of Protocol Buffers messages may change the library, as the bytes are the same', () =>
    withBackend(makeBackend, async (bench) => {
      const [first, second] = [ORDER_TYPES.protobufjs, ORDER_TYPES['@bufbuild/protobuf']] as TypeInformation<Order>[];
      const again = await restoredAs(bench, first as TypeInformation<Order>);
      expectFilled(again, second as TypeInformation<Order>);
    }));

  it('of Protocol Buffers messages may get fields', () =>
    withBackend(makeBackend, async (bench) => {
      const again = await restoredAs(bench, ORDER_TYPES.protobufjs as TypeInformation<Order>);
      expectFilled(again, NEWER_ORDER);
      const { value } = statesOf(again, NEWER_ORDER);
      expect(value.value()).toMatchObject({ note: '' });
    }));

  it('of generated messages gives all kinds of fields back', () =>
    withBackend(makeBackend, async (bench) => {
      const type = Types.PROTOBUF({
        typeName: TypeSchema.typeName,
        toBinary: (message: SchemaType) => toBinary(TypeSchema, message),
        fromBinary: (bytes: Uint8Array) => fromBinary(TypeSchema, bytes),
      });
      const descriptor = new ValueStateDescriptor('type', type);
      const message = create(TypeSchema, {
        name: 'shop.Order',
        fields: [
          {
            name: 'id',
            number: 1,
            kind: 5,
            options: [{ name: 'o', value: { typeUrl: 't', value: Uint8Array.of(1, 2) } }],
          },
        ],
        oneofs: ['a', 'b'],
        sourceContext: { fileName: 'shop.proto' },
      });
      const keyed = await bench.open(STRING_KEYS);
      keyed.setCurrentKey('k');
      keyed.getState(descriptor).update(message);
      const again = await restored(bench, keyed, STRING_KEYS);
      again.setCurrentKey('k');
      expect(again.getState(descriptor).value()).toEqual(message);
    }));

  it('of Avro records has its schema checked on restore', () =>
    withBackend(makeBackend, async (bench) => {
      const again = await restoredAs(bench, ORDER_TYPES.avsc as TypeInformation<Order>);
      const fields = [{ name: 'added', type: 'string' }];
      const other = Types.AVRO<Order>(avro.Type.forSchema({ type: 'record', name: 'shop.Order', fields }));
      const get = () => again.getState(new ValueStateDescriptor('value', other));
      expect(get).toThrow(StateMigrationError);
      expect(get).toThrow(/added/);
    }));
});
