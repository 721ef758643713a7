// The package's entry point.
export type {
  EffectiveOption,
  EffectiveOptionMap,
  EffectiveOptions,
  KeyedStateBackend,
  KeyedStateBackendOptions,
  KeySelectionListener,
  Listing,
  MemoryUsage,
  NamespaceOptions,
  PartitionedState,
  RocksDBInspection,
  SnapshotOptions,
  StateBackend,
  TaskSlot,
} from './api/backend.ts';
export type {
  CheckpointSource,
  CheckpointStorage,
  CheckpointWriter,
  CompletedCheckpoint,
  JsonValue,
  KeyedStateHandle,
  KeyGroupRange,
  ProgressListener,
  RecoveryClaimMode,
  RestoreSource,
  SnapshotInProgress,
  StoredFile,
  StoredState,
  TransferProgress,
  UploadOptions,
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
  Counter,
  Gauge,
  Histogram,
  HistogramStatistics,
  MetricDescription,
  MetricGroup,
} from './api/metrics.ts';
export type {
  OperatorStateOffsets,
  OperatorStateSnapshot,
  StoredOperatorState,
  SubtaskOperatorState,
} from './api/operator-state.ts';
export type {
  SavepointBytes,
  SavepointDatabase,
  SavepointInProgress,
  SavepointKeyedState,
  SavepointKeyGroups,
  SavepointOperator,
  SavepointOperatorStatePart,
  SavepointOptions,
  SavepointPart,
  SavepointWriter,
  SerializerLookup,
} from './api/savepoint.ts';
export type {
  CompositeSnapshot,
  EnumSnapshot,
  GenericSnapshot,
  KryoSnapshot,
  OptionalEntry,
  OuterPart,
  OwnSnapshot,
  PojoSnapshot,
  SerializerSnapshot,
  SimpleSnapshot,
  SnapshotClass,
  SnapshotForm,
  SnapshotForms,
} from './api/serializer-snapshot.ts';
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
export type {
  KeyedStateLayout,
  KeyedStatePart,
  OperatorStatePart,
  RawStateRow,
  ReadableOperatorState,
  ReadableState,
  StateRow,
  StateRowOptions,
} from './api/stored-state.ts';
export type {
  InternalTimer,
  InternalTimerService,
  InternalTimerServiceOptions,
  TimeDomain,
  Triggerable,
} from './api/timers.ts';
export type { DataInputView, DataOutputView, TypeInformation, TypeSerializer } from './api/type-information.ts';
export { EmbeddedRocksDBStateBackend } from './backend/embedded-rocksdb-state-backend.ts';
export { HashMapStateBackend } from './backend/hash-map-state-backend.ts';
export { FsStateBackend, MemoryStateBackend, RocksDBStateBackend } from './backend/legacy-state-backends.ts';
export {
  type CheckpointStorageFactory,
  type ConfigurableStateBackend,
  type LegacyStateBackend,
  loadCheckpointStorage,
  loadStateBackend,
  type StateBackendFactory,
} from './backend/load-state-backend.ts';
export type { AvroType } from './bytes/avro-type.ts';
export type { GlobalWindow } from './bytes/global-window.ts';
export type { Instant } from './bytes/instant-serializer.ts';
export type { TypesOf } from './bytes/nested.ts';
export type { BinaryCodec, EncodingCodec, ProtobufCodec } from './bytes/protobuf-type.ts';
export type { NullableFields, Row, RowKind } from './bytes/row-type.ts';
export type { TimeWindow } from './bytes/time-window.ts';
export { type BuiltInTypes, Types } from './bytes/types.ts';
export {
  type ConfigOption,
  type ConfigOptionBuilder,
  ConfigOptions,
  type TypedConfigOptionBuilder,
} from './config/config-option.ts';
export { Configuration, type ConfigurationEntries, type ReadableConfig } from './config/configuration.ts';
export { formatDuration, parseDuration } from './config/duration.ts';
export { type LoadConfigurationOptions, loadConfiguration } from './config/load-configuration.ts';
export { formatMemorySize, parseMemorySize } from './config/memory-size.ts';
export type { ValueType } from './config/value-types.ts';
export type { ConvertOptions, DroppableState } from './convert/convert-options.ts';
export { type ConvertedState, convertState } from './convert/convert-state.ts';
export {
  CancelledError,
  CheckpointError,
  NativeBindingError,
  RestoreError,
  RocksDBError,
  type RocksDBErrorDetails,
  type RocksDBErrorSeverity,
  SavepointFormatError,
  SerializationError,
  StateAccessError,
  StateMigrationError,
  UnknownSerializerError,
} from './errors.ts';
export { StateReader, type StateReaderOptions } from './inspect/state-reader.ts';
export type { OpaqueState, OperatorDescription, StoredOperator } from './inspect/stored-operator.ts';
export { defaultMaxParallelism, keyGroupOf, keyGroupRangeOf, operatorIndexOf } from './keys/key-groups.ts';
export { DescriptiveHistogram } from './metrics/descriptive-histogram.ts';
export { MetricRegistry } from './metrics/metric-registry.ts';
export {
  type OpenTelemetryDescription,
  type OpenTelemetryMeter,
  type OpenTelemetryObservable,
  OpenTelemetryReporter,
  type OpenTelemetryReporterOptions,
  type OpenTelemetryResult,
} from './metrics/open-telemetry-reporter.ts';
export {
  type PrometheusClient,
  type PrometheusMetric,
  type PrometheusMetricConfiguration,
  type PrometheusRegister,
  PrometheusReporter,
  type PrometheusReporterOptions,
} from './metrics/prometheus-reporter.ts';
export type { MetricPlace, MetricValue, RegisteredMetric } from './metrics/registered-metric.ts';
export type { MetricListener } from './metrics/registry-group.ts';
export { BlockBasedTableConfig } from './options/block-based-table-config.ts';
export { ReadOptions, WriteOptions } from './options/call-options.ts';
export { CheckpointingOptions, StateRecoveryOptions } from './options/checkpointing-options.ts';
export { ColumnFamilyOptions } from './options/column-family-options.ts';
export { DBOptions } from './options/db-options.ts';
export { DefaultConfigurableOptionsFactory } from './options/default-configurable-options-factory.ts';
export {
  CompactionStyle,
  CompressionType,
  IndexType,
  InfoLogLevel,
  PredefinedOptions,
  PriorityQueueStateType,
} from './options/enums.ts';
export { BloomFilter, type Closeable, type FilterPolicy, RibbonFilter } from './options/filters.ts';
export { RocksDBMemoryConfiguration } from './options/memory-configuration.ts';
export type { NativeMetric, NativeMetricKey, NativeMetricKind } from './options/native-metric.ts';
export { RocksDBNativeMetricOptions } from './options/native-metric-options.ts';
export type { ConfigurableRocksDBOptionsFactory, RocksDBOptionsFactory } from './options/options-factory.ts';
export { TaskManagerOptions } from './options/process-memory-options.ts';
export { RocksDBManualCompactionOptions, RocksDBOptions } from './options/rocksdb-backend-options.ts';
export { RocksDBConfigurableOptions } from './options/rocksdb-configurable-options.ts';
export { S3Options } from './options/s3-options.ts';
export { StateBackendOptions, StateChangelogOptions } from './options/state-backend-options.ts';
export { StateLatencyTrackOptions, StateSizeTrackOptions } from './options/state-tracking-options.ts';
export type { AnyType } from './savepoint/known-types.ts';
export type { PojoObject } from './savepoint/pojo-type.ts';
export { Savepoint, type SavepointOpenOptions } from './savepoint/savepoint.ts';
export type { SavepointWriterOptions } from './savepoint/savepoint-directory.ts';
export type { SavepointPathOptions } from './savepoint/savepoint-paths.ts';
export { SavepointTypes, type SerializerMapping } from './savepoint/savepoint-types.ts';
export type { StreamRecord } from './savepoint/stream-record-type.ts';
export type { CheckpointRetention } from './storage/checkpoint-retention.ts';
export type { DamagedFile } from './storage/complete-checkpoints.ts';
export {
  FileSystemCheckpointStorage,
  type FileSystemCheckpointStorageOptions,
} from './storage/file-system-checkpoint-storage.ts';
export type { Garbage } from './storage/garbage.ts';
export { JobManagerCheckpointStorage } from './storage/job-manager-checkpoint-storage.ts';
export type { S3Access } from './storage/s3-access.ts';
export { S3CheckpointStorage, type S3CheckpointStorageOptions } from './storage/s3-checkpoint-storage.ts';
