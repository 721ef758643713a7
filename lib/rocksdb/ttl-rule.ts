// Which rows of a column family expire, and when.
import type { NativeTtlRule } from '../binding/surface.ts';

/**
 * Which rows of a column family expire. A stamp is the time of the last access in milliseconds since 1970, a 64-bit
 * big-endian number; a row expires when its stamp and the time to live come to no more than the time that it is.
 *
 * Of a `list`, whose elements have a stamp each, those in front of the first one that lives are expired. Without
 * `elementLayout`, a text as bytes/value-layout.ts says, lists stay as they are, and so do rows that are not as the rule
 * says.
 */
export type TtlRule = NativeTtlRule;
