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
  return partsLayout(`T${parts.length}.`, parts);
}

/** A row of parts that may be null, behind a mask; `undefined` when the layout of one is not known. */
export function rowLayout(parts: readonly TypeSerializer<unknown>[]): string | undefined {
  return partsLayout(`R${parts.length}.`, parts);
}

/** Elements behind their number; `undefined` when their layout is not known. */
export function listLayout(element: TypeSerializer<unknown>): string | undefined {
  return partsLayout('L', [element]);
}

/** Entries behind their number, whose values may be null; `undefined` when the layout of keys or values is not known. */
export function mapLayout(key: TypeSerializer<unknown>, value: TypeSerializer<unknown>): string | undefined {
  return partsLayout('M', [key, value]);
}

/** A value behind a byte that says whether it is null; `undefined` when its layout is not known. */
export function nullableLayout(present: TypeSerializer<unknown>): string | undefined {
  return partsLayout('?', [present]);
}

/** That of a serializer, where it is known. */
export function layoutOf({
  layout,
  length,
}: Partial<Pick<TypeSerializer<unknown>, 'layout' | 'length'>>): string | undefined {
  return layout ?? (length !== undefined && length > 0 ? fixedLayout(length) : undefined);
}

/** A layout as the property of a serializer, which has none where it is not known. */
export function withLayout(layout: string | undefined): { readonly layout?: string } {
  return layout === undefined ? {} : { layout };
}

function partsLayout(head: string, parts: readonly TypeSerializer<unknown>[]): string | undefined {
  const layouts = parts.map(layoutOf);
  // All that is left of a row has no end within one.
  return layouts.every((layout) => layout !== undefined && !layout.includes(REST_LAYOUT))
    ? `${head}${layouts.join('')}`
    : undefined;
}
