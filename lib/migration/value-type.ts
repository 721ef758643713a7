// The type of what a state holds, by its kind: where a descriptor has it, and a descriptor with another.
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  type StateDescriptor,
} from '../api/descriptors.ts';
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';

type AnyType = TypeInformation<unknown>;

/** Of a value, an accumulator, an element of a list, or the value of a map's entry. */
export function valueTypeOf(descriptor: StateDescriptor<unknown>): AnyType {
  return (descriptor as unknown as Record<string, AnyType>)[valueFieldOf(descriptor)] as AnyType;
}

/** A descriptor that is as the given one, which stays as it is, but for serializers. */
export function withSerializers(
  descriptor: StateDescriptor<unknown>,
  { value, userKey }: { readonly value?: TypeSerializer<unknown>; readonly userKey?: TypeSerializer<unknown> },
): StateDescriptor<unknown> {
  // It is asked for on the given one, where private fields are.
  const replaced: Record<string, PropertyDescriptor> = { ttl: { value: descriptor.ttl } };
  if (value !== undefined) {
    replaced[valueFieldOf(descriptor)] = { value: { ...valueTypeOf(descriptor), serializer: value } };
  }
  if (userKey !== undefined && descriptor instanceof MapStateDescriptor) {
    replaced.keyType = { value: { ...descriptor.keyType, serializer: userKey } };
  }
  return Object.create(descriptor, replaced);
}

function valueFieldOf(descriptor: StateDescriptor<unknown>): string {
  if (descriptor instanceof ListStateDescriptor) {
    return 'elementType';
  }
  if (descriptor instanceof MapStateDescriptor) {
    return 'valueType';
  }
  return descriptor instanceof AggregatingStateDescriptor ? 'accumulatorType' : 'type';
}
