// How the bytes of a value become those of another type, as text that native code carries out (native/core/layout_change.h);
// layouts are those of value-layout.ts:
//
//   =x            the same, of layout x
//   W<from><to>   a number of another width: b int8, h int16, i int32, l int64, f float32, d float64
//   C<n>.<hex>    these n bytes, whatever is stored; takes nothing
//   Nc            a byte 0, then c: what was never null may be null now
//   ?c            a byte: 1 = null, 0 = c follows            Lc  int32 count, so many c
//   Mcd           int32 count; so many of c, a byte (1 = null), d unless it is null
//   P<n>.x… <m>.  n layouts that are stored, m parts that are written: each `<index>:c`, c being that of the stored part, or C…
//
// So `P2.F4.S3.0:WilC1.011:=S` makes of an INT and a STRING a LONG, a byte 1, and the STRING.

/** The same bytes. */
export function sameChange(layout: string): string {
  return `=${layout}`;
}

/** Bytes that are written whatever is stored. */
export function constantChange(bytes: Uint8Array): string {
  return `C${bytes.length}.${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`;
}

/** What was never null may be null now. @param change - of the value. */
export function nullableChange(change: string): string {
  return `N${change}`;
}

/** A value that may be null, before and after. */
export function eitherNullChange(change: string): string {
  return `?${change}`;
}

/** Every element of a list. */
export function listChange(change: string): string {
  return `L${change}`;
}

/** Every entry of a map. */
export function mapChange(ofKeys: string, ofValues: string): string {
  return `M${ofKeys}${ofValues}`;
}

/** What is written in the place of a part: a stored part, changed, or a constant. */
export type WrittenPart = { readonly stored: number; readonly change: string } | { readonly constant: Uint8Array };

/**
 * Parts behind each other become others.
 *
 * @param layouts - of all stored parts.
 * @param written - in the order in which they are written.
 */
export function partsChange(layouts: readonly string[], written: readonly WrittenPart[]): string {
  const parts = written.map((part) =>
    'constant' in part ? constantChange(part.constant) : `${part.stored}:${part.change}`,
  );
  return `P${layouts.length}.${layouts.join('')}${parts.length}.${parts.join('')}`;
}
