// The rows of a key group in the canonical format of savepoints:
//
//   key group  {state}…[ffff: int16]
//   state      [place in the header: int16]{row}…
//   row        [length of key: int32][key][length of value: int32][value]
//
// A key begins with the key group: 1 byte for up to 128 key groups, else 2. Its highest bit, which no key group needs, says
// that the state ends with this row: the next state follows, or the end.

/** Ends a key group. */
export const END_OF_KEY_GROUP = 0xffff;
/** In the first byte of a key: the last row of its state. */
export const LAST_ROW_FLAG = 0x80;

/** A row of keyed state. */
export interface CanonicalRow {
  /** The state's place in the header. */
  readonly stateId: number;
  /** Key group, key, namespace, and a map's key. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}
