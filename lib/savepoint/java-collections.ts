// Java's arrays and collections that savepoints may hold and `Types` has not.
import type { DataInputView, DataOutputView, TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { checkedSize, compositeId, compositeName } from '../bytes/nested.ts';
import { fixedLayout, layoutOf, listLayout, nullableLayout, withLayout } from '../bytes/value-layout.ts';
import { describe, SerializationError } from '../errors.ts';

/** One of two: a `Left` or a `Right`. */
export type Either<L, R> = { readonly left: L } | { readonly right: R };

/** How elements of an array or set are told from null. */
interface NullFlag {
  readonly ofNull: 0 | 1;
}

/** `boolean[]`, `int[]` and so on: their elements one after the other, behind their number. */
export function arrayType<E>(element: TypeInformation<E>): TypeInformation<E[]> {
  return sequenceType('ARRAY', element, {
    layout: listLayout(element.serializer as TypeSerializer<unknown>),
    write: (value, output) => element.serializer.serialize(value, output),
    read: (input) => element.serializer.deserialize(input),
  });
}

/** An array of objects: a byte before each element, which is 0 for null. */
export function objectArrayType<E>(element: TypeInformation<E>): TypeInformation<(E | null)[]> {
  return sequenceType('OBJECT_ARRAY', element, flagged(element.serializer, { ofNull: 0 }));
}

/** A `Set`: a byte before each element, which is 1 for null. */
export function setType<E>(element: TypeInformation<E>): TypeInformation<Set<E | null>> {
  const { serializer: list } = sequenceType('SET', element, flagged(element.serializer, { ofNull: 1 }));
  return {
    name: compositeName('SET', [element]),
    serializer: {
      id: list.id,
      length: list.length,
      ...withLayout(list.layout),
      serialize: (value, output) => list.serialize([...value], output),
      deserialize: (input) => new Set(list.deserialize(input)),
    },
  };
}

/** Flink's `Either`: a byte, 1 for the left one. */
export function eitherType<L, R>(left: TypeInformation<L>, right: TypeInformation<R>): TypeInformation<Either<L, R>> {
  return {
    name: compositeName('EITHER', [left, right]),
    serializer: {
      id: compositeId('Either', [left.serializer, right.serializer]),
      length: -1,
      serialize(value, output) {
        const isLeft = 'left' in value;
        output.writeByte(isLeft ? 1 : 0);
        if (isLeft) {
          left.serializer.serialize(value.left, output);
        } else {
          right.serializer.serialize(value.right, output);
        }
      },
      deserialize: (input) =>
        input.readByte() === 0
          ? { right: right.serializer.deserialize(input) }
          : { left: left.serializer.deserialize(input) },
    },
  };
}

/** A value or null, of fixed length: so many bytes stand for the value that is not there. */
export function paddedNullableType<T>(type: TypeInformation<T>, padding: number): TypeInformation<T | null> {
  const { serializer } = type;
  if (padding < 0 || (serializer.length >= 0 && padding !== serializer.length && padding !== 0)) {
    throw new SerializationError(`A null can not take ${padding} bytes where a value takes ${serializer.length}.`);
  }
  return {
    name: compositeName('NULLABLE', [type]),
    serializer: {
      id: `${compositeId('PaddedNullable', [serializer])}[${padding}]`,
      length: 1 + padding,
      ...(layoutOf(serializer) === fixedLayout(padding) && { layout: fixedLayout(1 + padding) }),
      serialize(value, output) {
        output.writeByte(value === null ? 1 : 0);
        if (value === null) {
          output.writeBytes(new Uint8Array(padding));
        } else {
          serializer.serialize(value, output);
        }
      },
      deserialize(input) {
        if (input.readByte() === 0) {
          return serializer.deserialize(input);
        }
        input.readBytes(padding);
        return null;
      },
    },
  };
}

interface ElementFormat<E> {
  /** Of the whole sequence. */
  readonly layout: string | undefined;
  write(value: E, output: DataOutputView): void;
  read(input: DataInputView): E;
}

function flagged<E>(element: TypeSerializer<E>, { ofNull }: NullFlag): ElementFormat<E | null> {
  const nullable = nullableLayout(element as TypeSerializer<unknown>);
  return {
    // A layout has no flag that is 0 for null.
    layout: ofNull === 1 && nullable !== undefined ? `L${nullable}` : undefined,
    write(value, output) {
      output.writeByte(value === null ? ofNull : 1 - ofNull);
      if (value !== null) {
        element.serialize(value, output);
      }
    },
    read: (input) => ((input.readByte() === 0) === (ofNull === 0) ? null : element.deserialize(input)),
  };
}

function sequenceType<E, I>(name: string, element: TypeInformation<E>, format: ElementFormat<I>): TypeInformation<I[]> {
  const fullName = compositeName(name, [element]);
  return {
    name: fullName,
    serializer: {
      id: compositeId(name, [element.serializer]),
      length: -1,
      ...withLayout(format.layout),
      serialize(value, output) {
        if (!Array.isArray(value)) {
          throw new SerializationError(`A ${fullName} must be an array; received ${describe(value)}.`);
        }
        output.writeInt(value.length);
        for (const item of value) {
          format.write(item, output);
        }
      },
      deserialize(input) {
        const size = checkedSize(fullName, input.readInt());
        const items: I[] = [];
        while (items.length < size) {
          items.push(format.read(input));
        }
        return items;
      },
    },
  };
}
