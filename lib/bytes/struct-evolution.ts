// What becomes of stored structs whose fields were others: found by their names, added, removed, moved, changed.
import type { CompatibleAfterMigration, SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { SerializerSnapshot, StructSnapshot } from '../api/serializer-snapshot.ts';
import type { DataInputView, TypeSerializer } from '../api/type-information.ts';
import { partsChange, type WrittenPart } from './layout-change.ts';
import { at } from './nested.ts';
import {
  isKnown,
  partChange,
  type ResolvedPart,
  readingSerializer,
  resolveParts,
  sequenceChange,
} from './resolve-parts.ts';
import { afterMigration, incompatible, mismatch, resolveSchema } from './resolve-schema.ts';
import { fromSerialized } from './serialized.ts';
import { type Skip, skipOf } from './skip-value.ts';
import { snapshotNameOf } from './snapshot-name.ts';
import { storedLayoutOf } from './stored-layout.ts';

/** A value of a struct: a property for each field. */
export type StructValue = Readonly<Record<string, unknown>>;

export interface StructField {
  readonly name: string;
  readonly serializer: TypeSerializer<unknown>;
  /** What is written where a value is without the field; `undefined` when it may not be. */
  readonly defaultBytes: Uint8Array | undefined;
  readonly defaultHash: number;
  /** Whether every object has a property of this name. */
  readonly isInherited: boolean;
}

/** A struct as it is declared. */
export interface DeclaredStruct {
  readonly fields: readonly StructField[];
  readonly snapshot: StructSnapshot;
  /** The same struct with other serializers of its fields. */
  rebuild(serializers: readonly TypeSerializer<unknown>[]): TypeSerializer<StructValue>;
}

// A declared field: where it is stored, and what it can do with that; nothing for one that is new.
interface Origin {
  readonly stored: number;
  readonly verdict: ResolvedPart;
}

export function resolveStruct(stored: SerializerSnapshot, declared: DeclaredStruct): SchemaCompatibility<StructValue> {
  const { fields, snapshot, rebuild } = declared;
  if (stored.kind !== 'struct') {
    return mismatch(stored, snapshot);
  }
  if (stored.names.length === fields.length && fields.every(({ name }, index) => stored.names[index] === name)) {
    return resolveParts(stored.nested, {
      parts: fields.map(({ serializer }) => serializer),
      nameOf: (index) => `field '${fields[index]?.name}'`,
      rebuild,
      changeOf: sequenceChange,
    });
  }
  return resolveOtherFields(stored, fields);
}

function resolveOtherFields(stored: StructSnapshot, fields: readonly StructField[]): SchemaCompatibility<StructValue> {
  const origins: (Origin | undefined)[] = [];
  for (const field of fields) {
    const origin = originOf(field, stored);
    if (typeof origin === 'string') {
      return incompatible(`field '${field.name}': ${origin}`);
    }
    origins.push(origin);
  }
  const stray = stored.names.findIndex(
    (name, index) =>
      storedLayoutOf(stored.nested[index] as SerializerSnapshot) === undefined && !hasField(fields, name),
  );
  if (stray >= 0) {
    const name = snapshotNameOf(stored.nested[stray] as SerializerSnapshot);
    return incompatible(
      `field '${stored.names[stray]}': it can not be removed, as only its serializer can tell where a ${name} ends`,
    );
  }
  return afterMigration(structReader(stored, fields, origins), structChange(stored, fields, origins));
}

// A text says what does not fit.
function originOf(
  { name, serializer, defaultBytes }: StructField,
  stored: StructSnapshot,
): Origin | undefined | string {
  const index = stored.names.indexOf(name);
  if (index < 0) {
    return defaultBytes === undefined
      ? 'it is new, and stored values are without it; give it a default, or make it NULLABLE'
      : undefined;
  }
  const verdict = resolveSchema(stored.nested[index] as SerializerSnapshot, serializer);
  return verdict.kind === 'incompatible' ? verdict.reason : { stored: index, verdict };
}

function hasField(fields: readonly StructField[], name: string): boolean {
  return fields.some((field) => field.name === name);
}

function structReader(
  stored: StructSnapshot,
  fields: readonly StructField[],
  origins: readonly (Origin | undefined)[],
): CompatibleAfterMigration<StructValue>['reader'] {
  const steps = stored.names.map((name, index) => {
    const place = origins.findIndex((origin) => origin?.stored === index);
    const { serializer } = fields[place] ?? {};
    const verdict = origins[place]?.verdict;
    return serializer === undefined || verdict === undefined
      ? { name, place, skip: skipOf(storedLayoutOf(stored.nested[index] as SerializerSnapshot) as string) }
      : { name, place, reader: readingSerializer(serializer, verdict) };
  });
  return {
    deserialize(input) {
      const parts: unknown[] = fields.map(() => undefined);
      for (const step of steps) {
        readStep(step, parts, input);
      }
      return completed(parts, fields, origins);
    },
  };
}

interface Step {
  readonly name: string;
  /** Of the declared field. */
  readonly place: number;
  readonly skip?: Skip;
  readonly reader?: TypeSerializer<unknown>;
}

function readStep({ name, place, skip, reader }: Step, parts: unknown[], input: DataInputView): void {
  try {
    if (reader === undefined) {
      skip?.(input);
    } else {
      parts[place] = reader.deserialize(input);
    }
  } catch (error) {
    throw at(`.${name}`, error);
  }
}

function completed(
  parts: readonly unknown[],
  fields: readonly StructField[],
  origins: readonly (Origin | undefined)[],
): StructValue {
  const value: Record<string, unknown> = {};
  fields.forEach(({ name, serializer, defaultBytes }, index) => {
    value[name] = origins[index] === undefined ? fromSerialized(defaultBytes as Uint8Array, serializer) : parts[index];
  });
  return value;
}

function structChange(
  stored: StructSnapshot,
  fields: readonly StructField[],
  origins: readonly (Origin | undefined)[],
): string | undefined {
  const layouts = stored.nested.map(storedLayoutOf);
  const written = fields.map(({ serializer, defaultBytes }, index): WrittenPart | undefined => {
    const origin = origins[index];
    if (origin === undefined) {
      return { constant: defaultBytes as Uint8Array };
    }
    const change = partChange(serializer, origin.verdict);
    return change === undefined ? undefined : { stored: origin.stored, change };
  });
  return layouts.every(isKnown) && written.every(isKnown) ? partsChange(layouts, written) : undefined;
}
