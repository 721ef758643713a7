// Flink's codes of handles, each before its fields:
//
//   stream     0 none | 1 [name][length: int32][bytes] | 2 [size: int64][path] | 6 [path][size: int64]
//              3 [range][offset: int64]…[stream] | 15 [start: int64][size: int64][scope: int32][path][id] | 16
//   keyed      0 none | 7, 3 [range][offset: int64]…[stream] | 12 as 3, [id]
//              5 [checkpoint: int64][backend][range][metadata: stream][shared files][private files]
//              11 [checkpoint][backend][range][checkpointed size: int64][metadata][shared][private][id]
//   files      [number: int32]{[local path][stream]}…
//   operator   0 none | 4 [number of states: int32]{[name][mode: 1 byte][number: int32][offset: int64]…}…[stream]
//              17 as 4, [directory of the task][shared directory][1 when empty, else 0] before the stream
//   channel    until version 5 without a code: [subtask: int32][place: 2 × int32][number: int32][offset: int64]…
//                                              [size: int64][stream]
//              1 input, 2 output: the same | 3 input, 4 output: [subtask][size: int64][stream][length: int32][offsets]
//   range      [first key group: int32][number of key groups: int32]
//
// Texts are Java's UTF; numbers without a type are int32.

export const NO_HANDLE = 0;

export const STREAM_CODES = {
  inline: 1,
  file: 2,
  keyGroups: 3,
  relativeFile: 6,
  segment: 15,
  emptySegment: 16,
} as const;

export const KEYED_CODES = {
  keyGroupsWithoutId: 3,
  incrementalWithoutId: 5,
  savepointKeyGroups: 7,
  incremental: 11,
  keyGroups: 12,
} as const;

/** Handles of the changelog backend, which are not read. */
export const CHANGELOG_CODES: readonly number[] = [8, 9, 10, 13, 14];

export const OPERATOR_CODES = { offsets: 4, merged: 17 } as const;

export const CHANNEL_CODES = { input: 1, output: 2, mergedInput: 3, mergedOutput: 4 } as const;

/** In the order of Flink's numbers for them. */
export const SCOPES = ['EXCLUSIVE', 'SHARED'] as const;
export const MODES = ['SPLIT_DISTRIBUTE', 'UNION', 'BROADCAST'] as const;
