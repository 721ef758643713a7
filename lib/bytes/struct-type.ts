// Plain objects with fields of their own types: the fields behind each other, in the order in which they are declared.
// rockstate's own format.
import type { DataOutputView, TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError, typeError } from '../errors.ts';
import { at, compositeName, nestedHashCode } from './nested.ts';
import { isNullable } from './nullable-type.ts';
import { isPlain } from './plain-values.ts';
import { toSerialized } from './serialized.ts';
import { type BoundedSerializer, maxBytesOf } from './size-bound.ts';
import { structIdOf } from './snapshot-id.ts';
import { structSnapshot } from './snapshots.ts';
import { resolveStruct, type StructField, type StructValue } from './struct-evolution.ts';
import { tupleLayout, withLayout } from './value-layout.ts';

/** A field of a struct that may be left out. */
export interface StructFieldOptions<V> {
  readonly type: TypeInformation<V>;
  /**
   * What the field has where a value is without it: one that is set, or one that was stored before there was the field.
   * Without this, null where the type is `NULLABLE`.
   */
  readonly default?: NoInfer<V>;
}

/** The fields of a struct: a type each, or a type and a default. */
export type StructFields<T> = { readonly [N in keyof T]: TypeInformation<T[N]> | StructFieldOptions<T[N]> };

/** A field by its name. */
export type NamedField = readonly [name: string, field: TypeInformation<unknown> | StructFieldOptions<unknown>];

interface TypedField extends StructField {
  readonly type: TypeInformation<unknown>;
  readonly hashCode: ((value: unknown) => number) | undefined;
}

export function structType<T extends object>(fields: StructFields<T>): TypeInformation<T> {
  if (typeof fields !== 'object' || fields === null) {
    throw typeError(
      'ERR_INVALID_TYPE',
      `Types.STRUCT takes an object of types by names; received ${describe(fields)}.`,
    );
  }
  return structOf(Object.entries(fields) as unknown as readonly NamedField[]) as unknown as TypeInformation<T>;
}

/** @throws TypeError `ERR_INVALID_TYPE` when there is no field, two of a name, or a default that its type can't hold. */
export function structOf(named: readonly NamedField[]): TypeInformation<StructValue> {
  const names = named.map(([name]) => name);
  if (names.length === 0 || new Set(names).size < names.length || names.includes('__proto__')) {
    throw typeError(
      'ERR_INVALID_TYPE',
      `Types.STRUCT takes one or more fields of different names other than __proto__; received ${names.join(', ') || 'none'}.`,
    );
  }
  const fields = named.map(typedField);
  const name = `STRUCT(${fields.map(({ name, type }) => `${name}: ${type.name}`).join(', ')})`;
  const hashable = fields.every(({ hashCode }) => hashCode !== undefined);
  return {
    name,
    serializer: structSerializer(name, fields),
    ...(hashable && { hashCode: (value: StructValue) => structHashCode(value, fields) }),
  };
}

function typedField([name, given]: NamedField): TypedField {
  const options: StructFieldOptions<unknown> = isOptions(given) ? given : { type: given };
  compositeName('STRUCT', [options.type]);
  const { type } = options;
  const defaultValue = options.default === undefined && isNullable(type.serializer) ? null : options.default;
  return {
    ...{
      name,
      type,
      serializer: type.serializer,
      hashCode: nestedHashCode(type),
      isInherited: name in Object.prototype,
    },
    defaultBytes: defaultValue === undefined ? undefined : bytesOfDefault(name, type, defaultValue),
    defaultHash: defaultValue === undefined ? 0 : (nestedHashCode(type)?.(defaultValue) ?? 0),
  };
}

function isOptions(field: NamedField[1]): field is StructFieldOptions<unknown> {
  return typeof field === 'object' && field !== null && 'type' in field && !('serializer' in field);
}

function bytesOfDefault(name: string, type: TypeInformation<unknown>, value: unknown): Uint8Array {
  try {
    return toSerialized(value, type.serializer).slice();
  } catch (cause) {
    const { message } = cause as Error;
    throw typeError('ERR_INVALID_TYPE', `The field '${name}' of Types.STRUCT can not have its default: ${message}`);
  }
}

function structSerializer(name: string, fields: readonly StructField[]): BoundedSerializer<StructValue> {
  const names = fields.map((field) => field.name);
  const known: ReadonlySet<string> = new Set(names);
  const serializers = fields.map(({ serializer }) => serializer);
  const snapshot = structSnapshot(names, serializers);
  return {
    id: structIdOf(
      names,
      serializers.map(({ id }) => id),
    ),
    length: serializers.every(({ length }) => length >= 0)
      ? serializers.reduce((sum, { length }) => sum + length, 0)
      : -1,
    ...withLayout(tupleLayout(serializers)),
    snapshot,
    resolve: (stored) =>
      resolveStruct(stored, {
        fields,
        snapshot,
        rebuild: (others) => structSerializer(name, withSerializers(fields, others)),
      }),
    maxBytesOf: (value) =>
      unfit(value, known) === undefined ? maxBytesOfFields(value, fields) : Number.POSITIVE_INFINITY,

    serialize(value, output) {
      const reason = unfit(value, known);
      if (reason !== undefined) {
        throw new SerializationError(`A ${name} ${reason}.`);
      }
      for (const field of fields) {
        if (!writeField(value, field, output)) {
          throw new SerializationError(`A ${name} must have a '${field.name}', which has no default; received none.`);
        }
      }
    },

    deserialize(input) {
      const value: Record<string, unknown> = {};
      for (const field of fields) {
        try {
          value[field.name] = field.serializer.deserialize(input);
        } catch (error) {
          throw at(`.${field.name}`, error);
        }
      }
      return value;
    },
  };
}

function withSerializers(
  fields: readonly StructField[],
  serializers: readonly TypeSerializer<unknown>[],
): StructField[] {
  return fields.map((field, index) => ({ ...field, serializer: serializers[index] as TypeSerializer<unknown> }));
}

// Whether there is anything to be written.
function writeField(value: StructValue, field: StructField, output: DataOutputView): boolean {
  const part = partOf(value, field);
  if (part === undefined) {
    if (field.defaultBytes !== undefined) {
      output.writeBytes(field.defaultBytes);
    }
    return field.defaultBytes !== undefined;
  }
  try {
    field.serializer.serialize(part, output);
  } catch (error) {
    throw at(`.${field.name}`, error);
  }
  return true;
}

function partOf(value: StructValue, { name, isInherited }: StructField): unknown {
  return isInherited && !Object.hasOwn(value, name) ? undefined : value[name];
}

// What is wrong with a value as a whole.
function unfit(value: StructValue, known: ReadonlySet<string>): string | undefined {
  if (typeof value !== 'object' || value === null || !isPlain(value)) {
    return `must be a plain object; received ${describe(value)}`;
  }
  for (const name in value) {
    if (!known.has(name)) {
      return `has no field '${name}', which the value has; it would be lost`;
    }
  }
  return undefined;
}

function maxBytesOfFields(value: StructValue, fields: readonly StructField[]): number {
  let bytes = 0;
  for (const field of fields) {
    const part = partOf(value, field);
    bytes +=
      part === undefined
        ? (field.defaultBytes?.length ?? Number.POSITIVE_INFINITY)
        : maxBytesOf(part, field.serializer);
  }
  return bytes;
}

// As that of a tuple.
function structHashCode(value: StructValue, fields: readonly TypedField[]): number {
  let hash = 0;
  for (const field of fields) {
    const part = partOf(value, field);
    hash = (Math.imul(31, hash) + (part === undefined ? field.defaultHash : (field.hashCode?.(part) ?? 0))) | 0;
  }
  return hash;
}
