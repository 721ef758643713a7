// A message and record of other libraries: protobufjs, @bufbuild/protobuf and avsc, each with a schema of its own making.
import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Type as Kind,
  FieldDescriptorProto_Label as Label,
} from '@bufbuild/protobuf/wkt';
import avro from 'avsc';
import protobuf from 'protobufjs';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';

export interface Order {
  id: number;
  customer: string;
  items: string[];
  total?: { cents: number };
}

export const ORDERS: readonly Order[] = [
  { id: 1, customer: 'Ishmael', items: ['rope', 'ink'], total: { cents: 250 } },
  { id: 2, customer: 'Queequeg ✓', items: [] },
];

const PROTO = `
  syntax = "proto3";
  package shop;
  message Money { int32 cents = 1; }
  message Order {
    int32 id = 1;
    string customer = 2;
    repeated string items = 3;
    Money total = 4;
  }`;

const parsed = protobuf.parse(PROTO).root.lookupType('shop.Order');
const newer = protobuf.parse(PROTO.replace('Money total = 4;', 'Money total = 4; string note = 5;'));

/** Of an order, whatever made it. */
export function plain(order: unknown): Order {
  const { id, customer, items, total } = order as Order;
  return { id, customer, items: [...items], ...(total && { total: { cents: total.cents } }) };
}

const string = { type: Kind.STRING, label: Label.OPTIONAL };
const described = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: 'shop.proto',
    package: 'shop',
    syntax: 'proto3',
    messageType: [
      { name: 'Money', field: [{ name: 'cents', number: 1, type: Kind.INT32, label: Label.OPTIONAL }] },
      {
        name: 'Order',
        field: [
          { name: 'id', number: 1, type: Kind.INT32, label: Label.OPTIONAL },
          { name: 'customer', number: 2, ...string },
          { name: 'items', number: 3, type: Kind.STRING, label: Label.REPEATED },
          { name: 'total', number: 4, type: Kind.MESSAGE, label: Label.OPTIONAL, typeName: '.shop.Money' },
        ],
      },
    ],
  }),
  () => undefined,
).getMessage('shop.Order');
if (described === undefined) {
  throw new Error('The file has no shop.Order.');
}
const orderSchema = described;

const avroOrder = avro.Type.forSchema({
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'int' },
    { name: 'customer', type: 'string' },
    { name: 'items', type: { type: 'array', items: 'string' } },
    {
      name: 'total',
      type: ['null', { type: 'record', name: 'shop.Money', fields: [{ name: 'cents', type: 'int' }] }],
      default: null,
    },
  ],
});

/** By library. */
export const ORDER_TYPES: Readonly<Record<string, TypeInformation<Order>>> = {
  protobufjs: Types.PROTOBUF(parsed) as unknown as TypeInformation<Order>,
  '@bufbuild/protobuf': Types.PROTOBUF({
    typeName: orderSchema.typeName,
    toBinary: (order: Order) => toBinary(orderSchema, create(orderSchema, { ...order })),
    fromBinary: (bytes: Uint8Array) => fromBinary(orderSchema, bytes) as unknown as Order,
  }),
  avsc: Types.AVRO<Order>(avroOrder),
};

/** With one more field. */
export const NEWER_ORDER: TypeInformation<Order & { note: string }> = Types.PROTOBUF(
  newer.root.lookupType('shop.Order'),
) as unknown as TypeInformation<Order & { note: string }>;
