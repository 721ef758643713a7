// The verdict about values that may have a stamp of their last use before them, stored or new, as they have in state with a
// time to live. Values that gain one are used at the time of the migration.
import type { SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { partsChange, sameChange } from '../bytes/layout-change.ts';
import { storedLayoutOf } from '../bytes/stored-layout.ts';
import { readStamp, STAMP_BYTES, TtlValue, ttlSerializer, writeStamp } from '../bytes/ttl-value.ts';
import { fixedLayout } from '../bytes/value-layout.ts';
import type { ValueReader } from '../heap/value-formats.ts';
import { type StoredSerializer, storedBy, verdictOf } from './serializer-verdict.ts';

const STAMP_LAYOUT = fixedLayout(STAMP_BYTES);
const TTL_SNAPSHOT = /\.ttl\.TtlStateFactory\$TtlSerializerSnapshot$/;

/** What the program declares. */
export interface DeclaredValues {
  /** Of values, without stamps. */
  readonly serializer: TypeSerializer<unknown>;
  readonly hasStamps: boolean;
  /** Whether a flag before a value may say that it is null, as in maps; with stamps, values say it themselves. */
  readonly hasNullFlags: boolean;
  /** What values that gain a stamp get, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** What has to be done with values before a state can be used. */
export interface ValueMigration {
  readonly reader: ValueReader<unknown>;
  readonly serializer: TypeSerializer<unknown>;
  /** As `bytes/layout-change.ts` says; absent where only JavaScript can do it. */
  readonly change: string | undefined;
}

/** How values are used. */
export interface UsedValues {
  /** In the place of the declared one, without stamps. */
  readonly reconfigured: TypeSerializer<unknown> | undefined;
  readonly migration: ValueMigration | undefined;
}

/** Answers why, where values can't be used. */
export function useOfValues(stored: StoredSerializer, declared: DeclaredValues): UsedValues | string {
  const inner = withoutStamp(stored);
  const hadStamps = inner !== stored;
  const verdict = verdictOf(inner, declared.serializer);
  if (verdict.kind === 'incompatible') {
    return verdict.reason;
  }
  const reconfigured = verdict.kind === 'reconfigured' ? verdict.serializer : undefined;
  if (verdict.kind !== 'after-migration' && hadStamps === declared.hasStamps) {
    return { reconfigured, migration: undefined };
  }
  const written = reconfigured ?? declared.serializer;
  const reader = verdict.kind === 'after-migration' ? verdict.reader : written;
  return {
    reconfigured,
    migration: {
      reader: stampedReader(reader, hadStamps, declared),
      serializer: declared.hasStamps ? (ttlSerializer(written) as TypeSerializer<unknown>) : written,
      change: stampedChange(changeOf(verdict, inner), { hadStamps, layout: layoutOf(inner), id: inner.id }, declared),
    },
  };
}

/** A serializer of values with stamps, as that of the values; any other as it is. */
export function withoutStamp(stored: StoredSerializer): StoredSerializer {
  const { snapshot } = stored;
  const value = isStamped(snapshot) ? snapshot.nested[1] : undefined;
  return value === undefined ? stored : storedBy(value);
}

function isStamped(
  snapshot: SerializerSnapshot | undefined,
): snapshot is SerializerSnapshot & { readonly kind: 'composite' } {
  return snapshot?.kind === 'composite' && TTL_SNAPSHOT.test(snapshot.className);
}

function stampedReader(
  reader: ValueReader<unknown>,
  hadStamps: boolean,
  { hasStamps, nowMs }: DeclaredValues,
): ValueReader<unknown> {
  if (!hadStamps && !hasStamps) {
    return reader;
  }
  const stamped = (stampMs: number, value: unknown) => (hasStamps ? new TtlValue(stampMs, value) : value);
  return {
    deserialize(input) {
      const stampMs = hadStamps ? readStamp(input) : nowMs;
      return stamped(stampMs, reader.deserialize(input));
    },
    // With stamps, a map's flag says no null, but that there is nothing.
    ofNull: () => (hadStamps ? undefined : stamped(nowMs, null)),
  };
}

function layoutOf({ snapshot }: StoredSerializer): string | undefined {
  return snapshot && storedLayoutOf(snapshot);
}

// Of the value without a stamp.
function changeOf(verdict: SchemaCompatibility<unknown>, inner: StoredSerializer): string | undefined {
  if (verdict.kind === 'after-migration') {
    return verdict.change;
  }
  const layout = layoutOf(inner);
  return layout && sameChange(layout);
}

function stampedChange(
  change: string | undefined,
  stored: { readonly hadStamps: boolean; readonly layout: string | undefined; readonly id: string },
  { hasNullFlags, hasStamps, nowMs, serializer }: DeclaredValues,
): string | undefined {
  const { hadStamps, layout } = stored;
  if (change === undefined || (!hadStamps && !hasStamps)) {
    return change;
  }
  const movesNulls = hasNullFlags && hadStamps !== hasStamps && [stored.id, serializer.id].some(isNullable);
  if (layout === undefined || movesNulls) {
    return undefined;
  }
  const layouts = hadStamps ? [STAMP_LAYOUT, layout] : [layout];
  const value = { stored: layouts.length - 1, change };
  const stamp = hadStamps ? { stored: 0, change: sameChange(STAMP_LAYOUT) } : { constant: stampOf(nowMs) };
  return partsChange(layouts, hasStamps ? [stamp, value] : [value]);
}

// At its beginning: what is nested has its nulls for itself.
function isNullable(id: string): boolean {
  return /^[^[]*Nullable/.test(id);
}

function stampOf(ms: number): Uint8Array {
  const output = new DataOutput();
  writeStamp(ms, output);
  return output.copy();
}
