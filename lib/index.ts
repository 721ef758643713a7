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
  MigrationProgress,
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
  CompatibleAfterMigration,
  CompatibleAsIs,
  CompatibleReconfigured,
  Incompatible,
  SchemaCompatibility,
} from './api/schema-compatibility.ts';
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
  StructSnapshot,
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
  CompactionTtlCleanup,
  IncrementalTtlCleanup,
  TtlCleanup,
  TtlSettings,
  TtlStateVisibility,
  TtlTimeProvider,
  TtlUpdateType,
} from './api/state-ttl.ts';
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
export { resolveSchema } from './bytes/resolve-schema.ts';
export type { NullableFields, Row, RowKind } from './bytes/row-type.ts';
export { snapshotOf } from './bytes/snapshots.ts';
export type { StructFieldOptions, StructFields } from './bytes/struct-type.ts';
export type { TimeWindow } from './bytes/time-window.ts';
export type { TtlValue } from './bytes/ttl-value.ts';
export { type BuiltInTypes, Types } from './bytes/types.ts';
export type { Upgrade, UpgradeOptions } from './bytes/upgraded-type.ts';
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
export { StateTtlConfig, type StateTtlConfigBuilder, type TtlDuration } from './config/state-ttl-config.ts';
export type { ValueType } from './config/value-types.ts';
export type { ConvertOptions, DroppableState } from './convert/convert-options.ts';
export { type ConvertedState, convertState } from './convert/convert-state.ts';
export {
  CancelledError,
  CheckpointError,
  JobError,
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
export { BroadcastConnectedStream, type BroadcastStateDescriptor, BroadcastStream } from './job/broadcast-stream.ts';
export {
  CheckpointConfig,
  type CheckpointingMode,
  type ExternalizedCheckpointRetention,
} from './job/checkpoint-config.ts';
export { ConnectedStreams, type KeyableStream } from './job/connected-streams.ts';
export type {
  CheckpointStatistics,
  CheckpointStatisticsSnapshot,
  SubtaskCheckpointStatistics,
} from './job/coordinator/checkpoint-statistics.ts';
export type { JobExecutionResult, JobStatus } from './job/coordinator/job-status.ts';
export {
  type ExponentialDelay,
  type RestartBackoff,
  RestartStrategies,
  type RestartStrategy,
} from './job/coordinator/restart-strategy.ts';
export { DataStream, KeyedStream, SingleOutputStreamOperator } from './job/data-stream.ts';
export type {
  BaseBroadcastContext,
  BroadcastContext,
  BroadcastProcessFunction,
  KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
  KeyedReadOnlyBroadcastContext,
  OnTimerBroadcastContext,
  ReadOnlyBroadcastContext,
} from './job/functions/broadcast-functions.ts';
export type {
  CheckpointedFunction,
  CheckpointListener,
  FunctionInitializationContext,
  FunctionSnapshotContext,
} from './job/functions/checkpointed-function.ts';
export type { FunctionClass, FunctionOr } from './job/functions/function-object.ts';
export type {
  CoGroupFunction,
  JoinFunction,
  ProcessJoinContext,
  ProcessJoinFunction,
} from './job/functions/join-functions.ts';
export type {
  CoFlatMapFunction,
  CoMapFunction,
  FilterFunction,
  FlatMapFunction,
  MapFunction,
} from './job/functions/map-functions.ts';
export type {
  CoProcessFunction,
  KeyedCoProcessFunction,
  KeyedProcessContext,
  KeyedProcessFunction,
  OnTimerContext,
  ProcessContext,
  ProcessFunction,
  TimerService,
} from './job/functions/process-functions.ts';
export type { Collector, KeyedStateStore, RichFunction, RuntimeContext } from './job/functions/rich-function.ts';
export type { ProcessWindowContext, ProcessWindowFunction, WindowFunction } from './job/functions/window-functions.ts';
export type { KeySelector } from './job/graph/partitioning.ts';
export { IntervalJoin } from './job/interval-join.ts';
export { JobClient, type StopOptions } from './job/job-client.ts';
export type {
  BroadcastState,
  OperatorListState,
  OperatorStateStore,
  ReadOnlyBroadcastState,
} from './job/operator-state/operator-state-store.ts';
export { MAX_WATERMARK, NO_TIMESTAMP, type Output, OutputTag } from './job/operators/output.ts';
export type {
  MaybePromise,
  OneInputOperator,
  OperatorContext,
  OperatorFactory,
  ProcessingTimeService,
  StreamOperator,
  TwoInputOperator,
} from './job/operators/stream-operator.ts';
export { CollectSink } from './job/sinks/collect-sink.ts';
export { FileSink, type FileSinkOptions, type PendingFile } from './job/sinks/file-sink.ts';
export { DiscardingSink } from './job/sinks/simple-sinks.ts';
export type { Sink, SinkWriteContext, SinkWriter, SinkWriterContext } from './job/sinks/sink.ts';
export {
  type AsyncIterableOptions,
  AsyncIterableSource,
  type IterableSplit,
} from './job/sources/async-iterable-source.ts';
export { CollectionSource, type CollectionSplit } from './job/sources/collection-source.ts';
export { FileLinesSource, type FileSplit } from './job/sources/file-lines-source.ts';
export { type GeneratorOptions, GeneratorSource, type NumberRange } from './job/sources/generator-source.ts';
export type { InputStatus, ReaderOutput, Source, SourceReader, SourceReaderContext } from './job/sources/source.ts';
export {
  type ExecuteOptions,
  StreamExecutionEnvironment,
  type WorkerOptions,
} from './job/stream-execution-environment.ts';
export { StreamSink } from './job/stream-sink.ts';
export {
  type DurationLike,
  type TimestampAssigner,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from './job/watermarks/watermark-strategy.ts';
export { EventTimeSessionWindows } from './job/windows/assigners/event-time-session-windows.ts';
export { GlobalWindows } from './job/windows/assigners/global-windows.ts';
export { ProcessingTimeSessionWindows } from './job/windows/assigners/processing-time-session-windows.ts';
export type { SessionWindowTimeGapExtractor } from './job/windows/assigners/session-gap.ts';
export { SlidingEventTimeWindows } from './job/windows/assigners/sliding-event-time-windows.ts';
export { SlidingProcessingTimeWindows } from './job/windows/assigners/sliding-processing-time-windows.ts';
export { TumblingEventTimeWindows } from './job/windows/assigners/tumbling-event-time-windows.ts';
export { TumblingProcessingTimeWindows } from './job/windows/assigners/tumbling-processing-time-windows.ts';
export type { DeltaFunction } from './job/windows/delta-function.ts';
export { CountEvictor } from './job/windows/evictors/count-evictor.ts';
export { DeltaEvictor } from './job/windows/evictors/delta-evictor.ts';
export type { Evictor, EvictorContext, WindowElements } from './job/windows/evictors/evictor.ts';
export type { EvictionTime } from './job/windows/evictors/once-evictor.ts';
export { TimeEvictor } from './job/windows/evictors/time-evictor.ts';
export {
  CoGroupedStreams,
  type EqualTo,
  JoinedStreams,
  type WindowedCoGroup,
  type WindowedJoin,
} from './job/windows/joined-streams.ts';
export { CoGroupedWindows, JoinedWindows } from './job/windows/joined-windows.ts';
export type { TaggedUnion } from './job/windows/tagged-union.ts';
export type { TimestampedValue } from './job/windows/timestamped-value.ts';
export { ContinuousEventTimeTrigger } from './job/windows/triggers/continuous-event-time-trigger.ts';
export { ContinuousProcessingTimeTrigger } from './job/windows/triggers/continuous-processing-time-trigger.ts';
export { CountTrigger } from './job/windows/triggers/count-trigger.ts';
export { DeltaTrigger } from './job/windows/triggers/delta-trigger.ts';
export { EventTimeTrigger } from './job/windows/triggers/event-time-trigger.ts';
export { NeverTrigger } from './job/windows/triggers/never-trigger.ts';
export { ProcessingTimeTrigger } from './job/windows/triggers/processing-time-trigger.ts';
export { PurgingTrigger } from './job/windows/triggers/purging-trigger.ts';
export type { OnMergeContext, Trigger, TriggerContext, TriggerResult } from './job/windows/triggers/trigger.ts';
export type { Window } from './job/windows/window.ts';
export type {
  MergeWindows,
  MergingWindowAssigner,
  WindowAssigner,
  WindowAssignerContext,
} from './job/windows/window-assigner.ts';
export { type AggregateTypes, type GivenWindowFunction, WindowedStream } from './job/windows/windowed-stream.ts';
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
export { HotStateOptions } from './options/hot-state-options.ts';
export { PipelineOptions, RestartStrategyOptions } from './options/job-options.ts';
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
