// Where the bytes of state are, as `_metadata` says it: one kind of handle for each code of Flink's.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { OperatorStateOffsets } from '../api/operator-state.ts';

/** Bytes that are in `_metadata` itself. */
export interface InlineStream {
  readonly kind: 'inline';
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A whole file at an absolute path, with a scheme or without. */
export interface FileStream {
  readonly kind: 'file';
  readonly path: string;
  readonly size: number;
}

/** A whole file at a path relative to the directory of `_metadata`. */
export interface RelativeFileStream {
  readonly kind: 'relative-file';
  readonly path: string;
  readonly size: number;
}

/** A part of a file that several handles share, as Flink writes with file merging. */
export interface SegmentStream {
  readonly kind: 'segment';
  readonly path: string;
  readonly start: number;
  readonly size: number;
  readonly scope: 'EXCLUSIVE' | 'SHARED';
  readonly logicalFileId: string;
}

/** A part of a merged file that holds nothing. */
export interface EmptySegmentStream {
  readonly kind: 'empty-segment';
}

/** The bytes of key groups, where Flink stores them as any stream. */
export interface KeyGroupsStream {
  readonly kind: 'key-groups-stream';
  readonly range: KeyGroupRange;
  readonly offsets: readonly number[];
  readonly stream: StreamHandle | undefined;
}

export type StreamHandle =
  | InlineStream
  | FileStream
  | RelativeFileStream
  | SegmentStream
  | EmptySegmentStream
  | KeyGroupsStream;

/**
 * State by key group in one stream. `savepoint-key-groups` is always in the canonical format; `key-groups` is what else Flink
 * stores so: checkpoints in memory, raw keyed state, and full checkpoints of Flink 1.
 */
export interface KeyGroupsHandle {
  readonly kind: 'savepoint-key-groups' | 'key-groups';
  readonly range: KeyGroupRange;
  /** Where each key group of the range begins in the stream: 0 for none in the canonical format, -1 for none in raw state. */
  readonly offsets: readonly number[];
  readonly stream: StreamHandle | undefined;
  /** Only of `key-groups`, since Flink 1.16. */
  readonly id?: string;
}

/** A file of RocksDB. */
export interface LocalFile {
  /** Its name in RocksDB's directory. */
  readonly localPath: string;
  readonly stream: StreamHandle | undefined;
}

/** The files of a RocksDB database. */
export interface IncrementalHandle {
  readonly kind: 'incremental';
  readonly checkpointId: number;
  /** Identifies the backend that wrote the files. */
  readonly backendId: string;
  readonly range: KeyGroupRange;
  /** Bytes written for this checkpoint; -1 when it is not known. Since Flink 1.16. */
  readonly checkpointedSize?: number;
  /** The header of keyed state. */
  readonly metadata: StreamHandle | undefined;
  /** Tables. */
  readonly sharedFiles: readonly LocalFile[];
  /** All other files. */
  readonly privateFiles: readonly LocalFile[];
  /** Since Flink 1.16. */
  readonly id?: string;
}

export type KeyedHandle = KeyGroupsHandle | IncrementalHandle;

/** Operator state in one stream. */
export interface OperatorHandle {
  readonly states: readonly OperatorStateOffsets[];
  readonly stream: StreamHandle | undefined;
  /** With file merging. */
  readonly merged?: {
    readonly taskOwnedDirectory: string;
    readonly sharedDirectory: string;
    readonly isEmpty: boolean;
  };
}

/** Buffers of one channel that an unaligned checkpoint stored. */
export interface ChannelHandle {
  readonly kind: 'channel';
  readonly subtask: number;
  /** Gate and channel of an input; partition and subpartition of an output. */
  readonly place: readonly [number, number];
  readonly offsets: readonly number[];
  readonly size: number;
  readonly stream: StreamHandle | undefined;
}

/** Buffers of several channels in one stream. */
export interface MergedChannelsHandle {
  readonly kind: 'merged-channels';
  readonly subtask: number;
  readonly size: number;
  readonly stream: StreamHandle | undefined;
  readonly offsets: Uint8Array;
}
