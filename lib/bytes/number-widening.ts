// Which numbers can become which others without loss, and how: BYTE, SHORT, INT, LONG, DOUBLE, and FLOAT where it holds all.
import type { SchemaCompatibility } from '../api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { DataInputView } from '../api/type-information.ts';
import { afterMigration, mismatch } from './resolve-schema.ts';
import { readSafeLong } from './safe-long.ts';
import { snapshotIdOf } from './snapshot-id.ts';

/** The widths of numbers as `layout-change.ts` names them. */
export type NumberWidth = 'b' | 'h' | 'i' | 'l' | 'f' | 'd';

interface NarrowerNumber {
  readonly width: NumberWidth;
  /** What it can become. */
  readonly wider: string;
  read(input: DataInputView): number;
}

const BASE = 'org.apache.flink.api.common.typeutils.base';

// A FLOAT holds integers of 24 bits, so that it takes no INT.
const NUMBERS: ReadonlyMap<string, NarrowerNumber> = new Map<string, NarrowerNumber>([
  [`${BASE}.ByteSerializer`, { width: 'b', wider: 'hilfd', read: (input) => (input.readByte() << 24) >> 24 }],
  [`${BASE}.ShortSerializer`, { width: 'h', wider: 'ilfd', read: (input) => input.readShort() }],
  [`${BASE}.IntSerializer`, { width: 'i', wider: 'ld', read: (input) => input.readInt() }],
  [`${BASE}.LongSerializer`, { width: 'l', wider: 'd', read: readSafeLong }],
  [`${BASE}.FloatSerializer`, { width: 'f', wider: 'd', read: (input) => input.readFloat() }],
]);

/** What a number type can do with another one that is stored. @param make - its value of a number. */
export function widened<T>(
  stored: SerializerSnapshot,
  declared: SerializerSnapshot,
  { to, make }: { readonly to: NumberWidth; make(value: number): T },
): SchemaCompatibility<T> {
  const from = NUMBERS.get(snapshotIdOf(stored));
  if (from === undefined) {
    return mismatch(stored, declared);
  }
  if (!from.wider.includes(to)) {
    return mismatch(stored, declared, 'it does not hold all of its numbers');
  }
  return afterMigration({ deserialize: (input) => make(from.read(input)) }, `W${from.width}${to}`);
}
