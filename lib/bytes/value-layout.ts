// How the bytes of a value can be walked without its serializer, as text that native code reads as well
// (native/core/value_layout.h):
//
//   F<n>.         n bytes                         S   a string: varint of its length + 1, then a varint for each UTF-16 unit
//   B             int32 length, so many bytes     I   an integer of any size: int32 tag, above 4 so many bytes less 4
//   ?x            a byte: 1 = null, 0 = x follows Lx  int32 count, so many x
//   Mxy           int32 count; so many of x, a byte (1 = null), y unless it is null
//   T<n>.x…       n layouts, one behind the other R<n>.x…  a row: a mask, then those of n layouts that are not null
//   *             all that is left; only of a whole row, at its end
import type { TypeSerializer } from '../api/type-information.ts';

/** All that is left of a row. */
export const REST_LAYOUT = '*';
/** A value behind an int32 with its length. */
export const SIZED_LAYOUT = 'B';
/** A string as Flink writes it. */
export const STRING_LAYOUT = 'S';
/** Java's `BigInteger`, which is not null. */
export const BIG_INTEGER_LAYOUT = 'I';

/** Values that all have this many bytes. */
export function fixedLayout(bytes: number): string {
  return `F${bytes}.`;
}

/** What there is of parts behind each other; `undefined` when that of one is not known. */
export function tupleLayout(parts: readonly TypeSerializer<unknown>[]): string | undefined {
  const layouts = parts.map(layoutOf);
  return layouts.every((layout) => layout !== undefined) ? `T${parts.length}.${layouts.join('')}` : undefined;
}

/** That of a serializer, where it is known. */
export function layoutOf(serializer: Pick<TypeSerializer<unknown>, 'layout'>): string | undefined {
  return serializer.layout;
}
