// Rows as Flink's RowSerializer writes them: a mask, highest bit first and filled up to whole bytes, then the fields that
// are not null.
//
//   mask: [low bit of kind][high bit of kind][field 0 is null][field 1 is null]…
import type { DataInputView, DataOutputView, TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { at, compositeId, compositeName, type RowHashed, rowHashCode, type TypesOf } from './nested.ts';
import { ofPresent } from './nullable-type.ts';
import { resolveComposite } from './resolve-parts.ts';
import { compositeSnapshot } from './snapshots.ts';
import { rowLayout, withLayout } from './value-layout.ts';

/** What a row says of a table's change: as Flink's `RowKind`. */
export type RowKind = 'INSERT' | 'UPDATE_BEFORE' | 'UPDATE_AFTER' | 'DELETE';

/** A row of a table; every field may be null. */
export interface Row<F extends unknown[]> {
  readonly kind: RowKind;
  readonly fields: F;
}

/** Fields that may be null. */
export type NullableFields<T extends unknown[]> = { [I in keyof T]: T[I] | null };

// In the order of Flink's numbers for them.
const KINDS: readonly RowKind[] = ['INSERT', 'UPDATE_BEFORE', 'UPDATE_AFTER', 'DELETE'];
const KIND_BITS = 2;
const SNAPSHOT_CLASS = 'org.apache.flink.api.java.typeutils.runtime.RowSerializer$RowSerializerSnapshot';

export function rowType<T extends unknown[]>(types: TypesOf<T>): TypeInformation<Row<NullableFields<T>>> {
  const fields = types as readonly RowHashed<unknown>[];
  const name = compositeName('ROW', fields);
  const hashCodes = fields.map(rowHashCode);
  const hashCode = (row: Row<unknown[]>) => rowsHashCode(row, hashCodes as ((field: unknown) => number)[]);
  return {
    name,
    serializer: rowSerializer(
      name,
      fields.map((field) => ofPresent(field.serializer)),
    ) as TypeSerializer<Row<NullableFields<T>>>,
    ...(hashCodes.every((ofField) => ofField !== undefined) && { hashCode }),
  };
}

function rowSerializer(name: string, fields: readonly TypeSerializer<unknown>[]): TypeSerializer<Row<unknown[]>> {
  // `outer`: rows have a kind.
  const snapshot = compositeSnapshot({ className: SNAPSHOT_CLASS, outerVersion: 4, outer: true }, fields);
  return {
    id: compositeId('org.apache.flink.api.java.typeutils.runtime.RowSerializer', fields),
    length: -1,
    ...withLayout(rowLayout(fields)),
    snapshot,

    resolve: (stored) =>
      resolveComposite(stored, snapshot, {
        parts: fields,
        nameOf: (index) => `field ${index}`,
        rebuild: (others) => rowSerializer(name, others),
        changeOf: () => undefined,
      }),

    serialize(row, output) {
      if (!isRow(row, fields.length)) {
        throw new SerializationError(
          `A ${name} must be { kind, fields }, one of ${KINDS.join(', ')} and an array of length ${fields.length}; ` +
            `received ${describeRow(row)}.`,
        );
      }
      writeMask(row, output);
      let index = 0;
      try {
        for (const field of fields) {
          if (row.fields[index] !== null) {
            field.serialize(row.fields[index], output);
          }
          index++;
        }
      } catch (error) {
        throw at(`.fields[${index}]`, error);
      }
    },

    deserialize(input) {
      const mask = readMask(fields.length, input);
      const kind = KINDS[Number(mask[0]) + 2 * Number(mask[1])] as RowKind;
      const values: unknown[] = [];
      try {
        for (const field of fields) {
          values.push(mask[KIND_BITS + values.length] ? null : field.deserialize(input));
        }
      } catch (error) {
        throw at(`.fields[${values.length}]`, error);
      }
      return { kind, fields: values };
    },
  };
}

function writeMask(row: Row<unknown[]>, output: DataOutputView): void {
  const kind = KINDS.indexOf(row.kind);
  const mask = [(kind & 1) !== 0, (kind & 2) !== 0, ...row.fields.map((field) => field === null)];
  for (let start = 0; start < mask.length; start += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) {
      byte = (byte << 1) | (mask[start + bit] ? 1 : 0);
    }
    output.writeByte(byte);
  }
}

function readMask(fieldCount: number, input: DataInputView): boolean[] {
  const mask: boolean[] = [];
  while (mask.length < KIND_BITS + fieldCount) {
    const byte = input.readByte();
    for (let bit = 7; bit >= 0; bit--) {
      mask.push((byte & (1 << bit)) !== 0);
    }
  }
  return mask;
}

function isRow(row: Row<unknown[]> | null | undefined, fieldCount: number): boolean {
  return KINDS.includes(row?.kind as RowKind) && Array.isArray(row?.fields) && row.fields.length === fieldCount;
}

function describeRow(row: Row<unknown[]> | null | undefined): string {
  if (typeof row !== 'object' || row === null || !('kind' in row)) {
    return describe(row);
  }
  const fields = Array.isArray(row.fields) ? `an array of length ${row.fields.length}` : describe(row.fields);
  return `{ kind: ${describe(row.kind)}, fields: ${fields} }`;
}

// Flink's `Row.hashCode`: 31·kind + hash code of the fields as a list.
function rowsHashCode(row: Row<unknown[]>, ofFields: readonly ((field: unknown) => number)[]): number {
  const ofList = ofFields.reduce((hash, ofField, index) => (Math.imul(31, hash) + ofField(row.fields[index])) | 0, 1);
  return (Math.imul(31, KINDS.indexOf(row.kind)) + ofList) | 0;
}
