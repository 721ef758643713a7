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
