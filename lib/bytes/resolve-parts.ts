// Compares the parts of a composite with what is stored of them, and puts the outcomes together.
import type { Incompatible, SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { CompositeSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { partsChange, sameChange } from './layout-change.ts';
import { AS_IS, afterMigration, incompatible, mismatch, reconfigured, resolveSchema } from './resolve-schema.ts';
import { storedLayoutOf } from './stored-layout.ts';
import { layoutOf } from './value-layout.ts';

/** A part that can be read: what came of comparing it. */
export type ResolvedPart = Exclude<SchemaCompatibility<unknown>, Incompatible>;

/** A composite type, as far as comparing goes. */
export interface Composite<T> {
  readonly parts: readonly TypeSerializer<unknown>[];
  /** Where a part is, as in "element" or "field 2". */
  nameOf(index: number): string;
  /** The same composite of other parts. */
  rebuild(parts: readonly TypeSerializer<unknown>[]): TypeSerializer<T>;
  /** Puts the changes of parts together; `undefined` where the grammar has nothing for it. */
  changeOf(changes: readonly string[], stored: readonly SerializerSnapshot[]): string | undefined;
}

/** Compares part by part. @param stored - the snapshots of as many parts as there are. */
export function resolveParts<T>(
  stored: readonly SerializerSnapshot[],
  { parts, nameOf, rebuild, changeOf }: Composite<T>,
): SchemaCompatibility<T> {
  const verdicts: ResolvedPart[] = [];
  for (const [index, part] of parts.entries()) {
    const verdict = resolveSchema(stored[index] as SerializerSnapshot, part);
    if (verdict.kind === 'incompatible') {
      return incompatible(`${nameOf(index)}: ${verdict.reason}`);
    }
    verdicts.push(verdict);
  }
  if (verdicts.every(({ kind }) => kind === 'as-is')) {
    return AS_IS;
  }
  const readable = rebuild(parts.map((part, index) => readingSerializer(part, verdicts[index] as ResolvedPart)));
  if (verdicts.every(({ kind }) => kind !== 'after-migration')) {
    return reconfigured(readable);
  }
  const changes = parts.map((part, index) => partChange(part, verdicts[index] as ResolvedPart));
  return afterMigration(readable, changes.every(isKnown) ? changeOf(changes, stored) : undefined);
}

/** As {@link resolveParts}, where what is stored must be of the same class and have as many parts. */
export function resolveComposite<T>(
  stored: SerializerSnapshot,
  snapshot: CompositeSnapshot,
  composite: Composite<T>,
): SchemaCompatibility<T> {
  if (stored.kind !== 'composite' || stored.className !== snapshot.className) {
    return mismatch(stored, snapshot);
  }
  if (stored.nested.length !== composite.parts.length) {
    return mismatch(stored, snapshot, `it has ${stored.nested.length} parts, not ${composite.parts.length}`);
  }
  return resolveParts(stored.nested, composite);
}

/** Writes a part as it is declared, and reads it as it is stored. */
export function readingSerializer(part: TypeSerializer<unknown>, verdict: ResolvedPart): TypeSerializer<unknown> {
  switch (verdict.kind) {
    case 'as-is':
      return part;
    case 'reconfigured':
      return verdict.serializer;
    case 'after-migration':
      return {
        id: part.id,
        length: -1,
        ...(part.snapshot && { snapshot: part.snapshot }),
        serialize: (value, output) => part.serialize(value, output),
        deserialize: (input) => verdict.reader.deserialize(input),
      };
  }
}

/** How the bytes of a part become those of the declared one. */
export function partChange(part: TypeSerializer<unknown>, verdict: ResolvedPart): string | undefined {
  const layout = layoutOf(part);
  switch (verdict.kind) {
    case 'as-is':
      return layout === undefined ? undefined : sameChange(layout);
    case 'reconfigured':
      return undefined;
    case 'after-migration':
      return verdict.change;
  }
}

/** The change of parts behind each other, of which each stays at its place. */
export function sequenceChange(changes: readonly string[], stored: readonly SerializerSnapshot[]): string | undefined {
  const layouts = stored.map(storedLayoutOf);
  const written = changes.map((change, index) => ({ stored: index, change }));
  return layouts.every(isKnown) ? partsChange(layouts, written) : undefined;
}

export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined;
}
