// Arrays of fixed places, as Flink's TupleSerializer writes tuples: the fields back to back.
import type { TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError, typeError } from '../errors.ts';
import { at, compositeId, compositeName, nestedHashCode, type TypesOf } from './nested.ts';
import { resolveComposite, sequenceChange } from './resolve-parts.ts';
import { type BoundedSerializer, maxBytesOf } from './size-bound.ts';
import { compositeSnapshot } from './snapshots.ts';
import { tupleLayout, withLayout } from './value-layout.ts';

const SNAPSHOT_CLASS = 'org.apache.flink.api.java.typeutils.runtime.TupleSerializerSnapshot';

// Flink's largest tuple.
const MAX_FIELDS = 25;

export function tupleType<T extends unknown[]>(types: TypesOf<T>): TypeInformation<T> {
  const fields = types as readonly TypeInformation<unknown>[];
  const name = compositeName('TUPLE', fields);
  if (fields.length < 1 || fields.length > MAX_FIELDS) {
    throw typeError('ERR_INVALID_TYPE', `Types.TUPLE takes 1 to ${MAX_FIELDS} types; received ${fields.length}.`);
  }
  const hashCodes = fields.map(nestedHashCode);
  const hashCode = (value: T) => tupleHashCode(value, hashCodes as ((field: unknown) => number)[]);
  return {
    name,
    serializer: tupleSerializer(
      name,
      fields.map((field) => field.serializer),
    ),
    ...(hashCodes.every((ofField) => ofField !== undefined) && { hashCode }),
  };
}

function tupleSerializer<T extends unknown[]>(
  name: string,
  fields: readonly TypeSerializer<unknown>[],
): BoundedSerializer<T> {
  const snapshot = compositeSnapshot(
    { className: SNAPSHOT_CLASS, outerVersion: 2, outer: javaClassOf(fields) },
    fields,
  );
  return {
    id: compositeId('org.apache.flink.api.java.typeutils.runtime.TupleSerializer', fields),
    length: fields.every((field) => field.length >= 0) ? fields.reduce((sum, field) => sum + field.length, 0) : -1,
    ...withLayout(tupleLayout(fields)),
    snapshot,

    resolve: (stored) =>
      resolveComposite<T>(stored, snapshot, {
        parts: fields,
        nameOf: (index) => `field ${index}`,
        rebuild: (others) => tupleSerializer(name, others),
        changeOf: sequenceChange,
      }),

    maxBytesOf(value) {
      if (!Array.isArray(value) || value.length !== fields.length) {
        return Number.POSITIVE_INFINITY;
      }
      let bytes = 0;
      for (let i = 0; i < fields.length; i++) {
        bytes += maxBytesOf(value[i], fields[i] as TypeSerializer<unknown>);
      }
      return bytes;
    },

    serialize(value, output) {
      if (!Array.isArray(value) || value.length !== fields.length) {
        const received = Array.isArray(value) ? `an array of length ${value.length}` : describe(value);
        throw new SerializationError(`A ${name} must be an array of length ${fields.length}; received ${received}.`);
      }
      let index = 0;
      try {
        for (const field of fields) {
          field.serialize(value[index], output);
          index++;
        }
      } catch (error) {
        throw at(`[${index}]`, error);
      }
    },

    deserialize(input) {
      const value: unknown[] = [];
      try {
        for (const field of fields) {
          value.push(field.deserialize(input));
        }
      } catch (error) {
        throw at(`[${value.length}]`, error);
      }
      return value as T;
    },
  };
}

function javaClassOf(fields: readonly unknown[]): string {
  return `org.apache.flink.api.java.tuple.Tuple${fields.length}`;
}

// Flink's `Tuple.hashCode`: 31·hash + field, from the first field.
function tupleHashCode(value: readonly unknown[], ofFields: readonly ((field: unknown) => number)[]): number {
  return ofFields.reduce((hash, ofField, index) => (Math.imul(31, hash) + ofField(value[index])) | 0, 0);
}
