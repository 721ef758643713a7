// What the file `_metadata` of a savepoint or checkpoint says.
import type { ChannelHandle, KeyedHandle, MergedChannelsHandle, OperatorHandle, StreamHandle } from './handles.ts';

/** "I`g-": how the file begins. */
export const METADATA_MAGIC = 0x4960_672d;
/** Before each state of a hook of the checkpoint coordinator. */
export const MASTER_STATE_MAGIC: number = 0xc96b_1696 | 0;

/** The oldest version that is read: of Flink 1.3. */
export const OLDEST_VERSION = 2;
/** From this version on there are states of coordinators and channels: Flink 1.11. */
export const VERSION_WITH_CHANNELS = 3;
/** From this version on a Java object with the checkpoint's properties ends the file: Flink 1.15. */
export const VERSION_WITH_PROPERTIES = 4;
/** From this version on operators have a name and uid: Flink 2.0. */
export const VERSION_WITH_NAMES = 5;
/** From this version on handles of channels have a type: Flink 2.1. */
export const VERSION_WITH_TYPED_CHANNELS = 6;
/** What is written unless another version is asked for: every Flink from 1.11 on reads it. */
export const DEFAULT_VERSION = 3;
/** The newest version that is written: Flink 2.3 writes and reads it. */
export const NEWEST_WRITTEN_VERSION = 6;
/** From this version on a subtask may refer to another checkpoint: not released yet. */
export const VERSION_WITH_REFERENCES = 7;
export const NEWEST_READ_VERSION = 7;

/** State of a hook of the checkpoint coordinator. */
export interface MasterState {
  readonly version: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The state of one subtask of an operator. */
export interface SubtaskState {
  readonly index: number;
  /** Whether it had come to the end of its input: it has no state then. */
  readonly finished: boolean;
  readonly managedOperatorState?: OperatorHandle;
  readonly rawOperatorState?: OperatorHandle;
  readonly managedKeyedState?: KeyedHandle;
  readonly rawKeyedState?: KeyedHandle;
  readonly inputChannels?: readonly (ChannelHandle | MergedChannelsHandle)[];
  readonly outputChannels?: readonly (ChannelHandle | MergedChannelsHandle)[];
  /** Since version 7. */
  readonly referenceCheckpointId?: number;
}

/** The state of one operator. */
export interface OperatorState {
  /** Since version 5. */
  readonly name?: string;
  /** Since version 5. */
  readonly uid?: string;
  /** 32 hexadecimal digits: of the uid, as `operatorIdOf` has it. */
  readonly id: string;
  readonly parallelism: number;
  /** The number of key groups. */
  readonly maxParallelism: number;
  /** Of a source's coordinator, for example. */
  readonly coordinatorState?: StreamHandle;
  /** Whether all its subtasks had come to the end of their input. */
  readonly finished: boolean;
  readonly subtasks: readonly SubtaskState[];
}

/** What the file `_metadata` says. */
export interface SavepointMetadata {
  /** Of the file's format. */
  readonly version: number;
  readonly checkpointId: number;
  readonly masterStates: readonly MasterState[];
  readonly operators: readonly OperatorState[];
  /** A serialized Java object, `CheckpointProperties`; since version 4. */
  readonly properties?: Uint8Array;
}
