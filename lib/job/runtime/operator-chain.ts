// The operators of one subtask, each handing its records to the next.
import type { KeyedStateBackend } from '../../api/backend.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { CheckpointedFunction, CheckpointListener } from '../functions/checkpointed-function.ts';
import type { ChainedOperator, Task, TaskEdge } from '../graph/job-graph.ts';
import type { OperatorStateBackend } from '../operator-state/operator-state-backend.ts';
import type {
  OneInputOperator,
  OperatorContext,
  StreamOperator,
  TwoInputOperator,
} from '../operators/stream-operator.ts';
import { SourceOperator } from '../sources/source-operator.ts';
import type { ChannelWriter } from './channel.ts';
import { channelSelector } from './channel-selector.ts';
import type { KeyedTimers } from './keyed-timers.ts';
import { OperatorOutput } from './operator-output.ts';
import type { SubtaskClock } from './processing-time.ts';
import { ChainedTarget, ChannelTarget, type PendingWork, type RecordTarget } from './record-target.ts';
import type { StreamElement } from './stream-element.ts';
import { SubtaskOperatorContext } from './subtask-operator-context.ts';

/** What the operators of a subtask run with. */
export interface ChainParts {
  readonly task: Task;
  readonly subtaskIndex: number;
  readonly attemptNumber: number;
  /** Of a keyed head. */
  readonly keyed: KeyedStateBackend<unknown> | undefined;
  readonly timers: KeyedTimers;
  readonly clock: SubtaskClock;
  readonly watermarkIntervalMs: number;
  readonly isCheckpointed: boolean;
  /** Whether there is state of an operator to begin with. */
  isRestored(uid: string): boolean;
  readonly metricGroup: MetricGroup;
  readonly subtask: PendingWork;
  /** Wakes the subtask when its source may have records. */
  wake(): void;
  operatorStateOf(uid: string): OperatorStateBackend;
  /** Where an edge leads from this subtask. */
  receiversOf(edge: TaskEdge): { readonly channels: readonly ChannelWriter[]; readonly maxParallelism: number };
}

/** An operator as it runs. */
export interface RunningOperator {
  readonly uid: string;
  readonly operator: StreamOperator;
  readonly output: OperatorOutput;
  /** Of the program. */
  readonly functions: readonly object[];
  /** Whether its records go to other subtasks. */
  readonly leavesChain: boolean;
  readonly state: OperatorStateBackend;
}

export class OperatorChain {
  /** Each after the one that it gets records from. */
  readonly operators: readonly RunningOperator[];
  readonly #targets: ChannelTarget[] = [];
  readonly #parts: ChainParts;

  constructor(parts: ChainParts) {
    this.#parts = parts;
    const operators: RunningOperator[] = [];
    this.#build(parts.task.head, operators);
    // Those at the end are built first.
    this.operators = operators.reverse();
  }

  get head(): StreamOperator {
    return (this.operators[0] as RunningOperator).operator;
  }

  /** Records of the operators at the ends of the chain. */
  get recordsOut(): number {
    let records = 0;
    for (const { output, leavesChain } of this.operators) {
      records += leavesChain ? output.recordsOut : 0;
    }
    return records;
  }

  /** Puts an element that is no record into all channels that leave the chain. */
  broadcast(element: StreamElement): void {
    for (const target of this.#targets) {
      target.broadcast(element);
    }
  }

  emitStatus(idle: boolean): void {
    passStatus(this.operators[0] as RunningOperator, idle);
  }

  /** From the end on, so that an operator puts nothing out to one that is not open. */
  async open(): Promise<void> {
    for (const { operator } of this.operators.toReversed()) {
      await operator.open?.();
    }
  }

  /** Whatever fails, all are closed. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const { operator } of this.operators) {
      try {
        await operator.close?.();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  /** Ends the input of all, from the first on. */
  async endInput(): Promise<void> {
    for (const { operator } of this.operators) {
      await operator.endInput?.();
    }
  }

  /** Lets operators and functions write what they hold to their state. */
  async snapshotState(checkpointId: number): Promise<void> {
    for (const { functions, operator } of this.operators) {
      for (const each of functions as Partial<CheckpointedFunction>[]) {
        await each.snapshotState?.({ checkpointId });
      }
      await operator.snapshotState?.(checkpointId);
    }
  }

  async notifyCheckpoint(
    method: 'notifyCheckpointComplete' | 'notifyCheckpointAborted',
    checkpointId: number,
  ): Promise<void> {
    for (const { functions, operator } of this.operators) {
      for (const each of functions as CheckpointListener[]) {
        await each[method]?.(checkpointId);
      }
      await operator[method]?.(checkpointId);
    }
  }

  #build(chained: ChainedOperator, operators: RunningOperator[]): RunningOperator {
    const main: RecordTarget[] = [];
    const side = new Map<string, RecordTarget[]>();
    const add = (tagId: string | undefined, target: RecordTarget) => {
      if (tagId === undefined) {
        main.push(target);
      } else {
        side.set(tagId, [...(side.get(tagId) ?? []), target]);
      }
    };
    for (const { edge, operator } of chained.chained) {
      const next = this.#build(operator, operators);
      const emitStatus = (idle: boolean) => passStatus(next, idle);
      const target = new ChainedTarget(next.operator as OneInputOperator<unknown>, emitStatus, this.#parts.subtask);
      add(edge.tag?.id, target);
    }
    for (const edge of chained.edges) {
      add(edge.edge.tag?.id, this.#channelTarget(edge));
    }
    const output = new OperatorOutput(main, side);
    const state = this.#parts.operatorStateOf(chained.uid);
    const context = new SubtaskOperatorContext({ ...this.#parts, chained, output, operatorState: state });
    const { functions } = context;
    const operator = this.#create(chained, context);
    const leavesChain = chained.edges.length > 0;
    const running = { uid: chained.uid, operator, output, functions, leavesChain, state };
    operators.push(running);
    return running;
  }

  #channelTarget(edge: TaskEdge): ChannelTarget {
    const { subtaskIndex } = this.#parts;
    const { channels, maxParallelism } = this.#parts.receiversOf(edge);
    const place = { from: subtaskIndex, channels: channels.length, maxParallelism };
    const target = new ChannelTarget(channels, channelSelector(edge.partitioning, place));
    this.#targets.push(target);
    return target;
  }

  #create({ node }: ChainedOperator, context: OperatorContext): StreamOperator {
    const { work } = node;
    if (work.kind !== 'source') {
      return work.create(context as OperatorContext<never>) as
        | OneInputOperator<unknown>
        | TwoInputOperator<unknown, unknown>;
    }
    return new SourceOperator(work, { context, wake: () => this.#parts.wake() });
  }
}

function passStatus({ operator, output }: Pick<RunningOperator, 'operator' | 'output'>, idle: boolean): void {
  if (operator.processStatus === undefined) {
    output.emitStatus(idle);
  } else {
    operator.processStatus(idle);
  }
}
