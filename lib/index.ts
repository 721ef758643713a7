// The package's entry point.
export type {
  KeyedStateBackend,
  KeyedStateBackendOptions,
  KeySelectionListener,
  Listing,
  NamespaceOptions,
  PartitionedState,
  SnapshotOptions,
  StateBackend,
} from './api/backend.ts';
export type {
  CheckpointStorage,
  CheckpointWriter,
  JsonValue,
  KeyedStateHandle,
  KeyGroupRange,
  RestoreSource,
  SnapshotInProgress,
  StoredFile,
  StoredState,
} from './api/checkpoint.ts';
export {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  type StateKind,
  ValueStateDescriptor,
} from './api/descriptors.ts';
export type { AggregateFunction, ReduceFunction } from './api/functions.ts';
export type {
  AggregatingState,
  AppendingState,
  ListState,
  MapState,
  MapStateEntry,
  MergingState,
  NamespacedState,
  ReducingState,
  State,
  ValueState,
} from './api/state.ts';
export type { DataInputView, DataOutputView, TypeInformation, TypeSerializer } from './api/type-information.ts';
export { EmbeddedRocksDBStateBackend } from './backend/embedded-rocksdb-state-backend.ts';
export { HashMapStateBackend } from './backend/hash-map-state-backend.ts';
export type { AvroType } from './bytes/avro-type.ts';
export type { GlobalWindow } from './bytes/global-window.ts';
export type { Instant } from './bytes/instant-serializer.ts';
export type { TypesOf } from './bytes/nested.ts';
export type { BinaryCodec, EncodingCodec, ProtobufCodec } from './bytes/protobuf-type.ts';
export type { NullableFields, Row, RowKind } from './bytes/row-type.ts';
export type { TimeWindow } from './bytes/time-window.ts';
export { type BuiltInTypes, Types } from './bytes/types.ts';
export {
  CheckpointError,
  NativeBindingError,
  RestoreError,
  RocksDBError,
  type RocksDBErrorDetails,
  type RocksDBErrorSeverity,
  SerializationError,
  StateAccessError,
  StateMigrationError,
} from './errors.ts';
export { defaultMaxParallelism, keyGroupOf, keyGroupRangeOf, operatorIndexOf } from './keys/key-groups.ts';
export { FileSystemCheckpointStorage } from './storage/file-system-checkpoint-storage.ts';
