// What the runtime asks of an operator, and what it gives it.
import type { KeyedStateBackend } from '../../api/backend.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { InternalTimerService, Triggerable } from '../../api/timers.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { OperatorStateStore } from '../operator-state/operator-state-store.ts';
import type { Output } from './output.ts';

/** The work of an operator may go on after its call: the next call waits for the promise. */
export type MaybePromise = void | Promise<void>;

/** Calls back when the clock is at a time. */
export interface ProcessingTimeService {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Calls back on the subtask's turn, not before the clock says `timestamp`; answers a function that calls it off. Nothing is
   * called after the input's end.
   */
  schedule(timestamp: number, callback: () => MaybePromise): () => void;
}

/** What an operator runs with. */
export interface OperatorContext<OUT = unknown> {
  readonly operatorName: string;
  /** Of the operator, as savepoints name it. */
  readonly uid: string;
  /** From 0 on. */
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** How often the job was started before, after failures. */
  readonly attemptNumber: number;
  /** Whether there is state to begin with. */
  readonly isRestored: boolean;
  /** The functions of the program that the operator runs: the runtime tells them of checkpoints. */
  readonly functions: object[];
  /** Whether checkpoints are taken from time to time; one more is taken at the input's end then. */
  readonly isCheckpointed: boolean;
  /** How often watermarks are put out by those that make them; 0 for never. */
  readonly watermarkIntervalMs: number;
  readonly output: Output<OUT>;
  /** The backend of a keyed operator. The runtime has set the key of the record that is processed. */
  readonly keyed: KeyedStateBackend<unknown>;
  /** Timers of a keyed operator. The runtime advances them: in event time before `processWatermark` is called. */
  timerService<N>(
    name: string,
    options: { readonly namespaceType: TypeInformation<N>; readonly triggerable: Triggerable<unknown, N> },
  ): InternalTimerService<N>;
  /** State that is not keyed. */
  readonly operatorState: OperatorStateStore;
  readonly processingTime: ProcessingTimeService;
  readonly metricGroup: MetricGroup;
}

/**
 * An operator of one subtask. Calls come one after another, in this order: `open`; records, watermarks and snapshots;
 * `endInput`; `close`, which also ends what has failed.
 */
export interface StreamOperator {
  open?(): MaybePromise;
  /** Told when event time has advanced, after the timers that were due. To be put out, unless the operator has a reason. */
  processWatermark(timestamp: number): MaybePromise;
  /** Told when its input is idle, or is not any more. To be put out, unless the operator has a reason; by default it is. */
  processStatus?(idle: boolean): void;
  /** Nothing comes any more; the watermark was `Infinity` before. */
  endInput?(): MaybePromise;
  /** A checkpoint is about to be taken of the state: what is to be in it has to be written to state now. */
  snapshotState?(checkpointId: number): MaybePromise;
  notifyCheckpointComplete?(checkpointId: number): MaybePromise;
  notifyCheckpointAborted?(checkpointId: number): MaybePromise;
  close?(): MaybePromise;
}

export interface OneInputOperator<IN> extends StreamOperator {
  processElement(value: IN, timestamp: number): MaybePromise;
}

export interface TwoInputOperator<IN1, IN2> extends StreamOperator {
  processElement1(value: IN1, timestamp: number): MaybePromise;
  processElement2(value: IN2, timestamp: number): MaybePromise;
}

/** Makes the operator of a subtask. */
export type OperatorFactory<O extends StreamOperator, OUT> = (context: OperatorContext<OUT>) => O;
