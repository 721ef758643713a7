// Runs subtasks in one thread: opens them with their state, connects them, and takes their snapshots.
import type { KeyedStateBackend, StateBackend, TaskSlot } from '../../api/backend.ts';
import type { MetricGroup } from '../../api/metrics.ts';
import type { StoredOperatorState } from '../../api/operator-state.ts';
import { keyGroupRangeOf } from '../../keys/key-groups.ts';
import type { RestoredJob } from '../coordinator/restored-job.ts';
import type { JobGraph, Task, TaskEdge } from '../graph/job-graph.ts';
import { OperatorStateBackend } from '../operator-state/operator-state-backend.ts';
import type { MaybePromise, OneInputOperator, StreamOperator, TwoInputOperator } from '../operators/stream-operator.ts';
import { Channel, type ChannelWriter, type Producer } from './channel.ts';
import type { Executor, ExecutorListener, SnapshotTarget, StopMode } from './executor.ts';
import type { GateHandler } from './input-gate.ts';
import { KeyedTimers } from './keyed-timers.ts';
import { OperatorChain } from './operator-chain.ts';
import { SubtaskClock } from './processing-time.ts';
import type { SnapshotAck, SubtaskId } from './snapshot-ack.ts';
import type { Barrier } from './stream-element.ts';
import { Subtask } from './subtask.ts';
import { type SubtaskReadings, subtaskMetrics } from './subtask-metrics.ts';
import { SubtaskScheduler } from './subtask-scheduler.ts';

/** What is to run, and how. */
export interface Deployment {
  readonly graph: JobGraph;
  readonly backend: StateBackend;
  readonly slot: TaskSlot | undefined;
  /** State to begin with. */
  readonly restored: RestoredJob | undefined;
  readonly attemptNumber: number;
  readonly watermarkIntervalMs: number;
  readonly isCheckpointed: boolean;
  readonly isExactlyOnce: boolean;
  readonly metricGroup: MetricGroup;
  /** Ends the opening. */
  readonly signal: AbortSignal;
  /** Default: all subtasks run here. */
  readonly placement?: Placement;
}

/** A subtask that sends elements elsewhere. */
export interface RemoteProducer extends Producer {
  fail(error: unknown): void;
}

/** Which subtasks run in this thread, and how records reach the others. */
export interface Placement {
  isHere(subtask: SubtaskId): boolean;
  /** A channel to a subtask elsewhere. */
  writerOf(channel: string, producer: RemoteProducer): ChannelWriter;
  /** Elements that come for a subtask here go into its channel. */
  receive(channelName: string, channel: Channel): void;
}

interface Deployed {
  readonly id: SubtaskId;
  readonly task: Task;
  readonly subtask: Subtask;
  keyed: KeyedStateBackend<unknown> | undefined;
}

export class TaskExecutor implements Executor {
  readonly #deployment: Deployment;
  readonly #listener: ExecutorListener;
  readonly #scheduler = new SubtaskScheduler();
  readonly #deployed = new Map<Subtask, Deployed>();
  // By task and index; those that run elsewhere are absent.
  readonly #byTask: (Deployed | undefined)[][];
  // By the subtask that writes to them.
  readonly #channels = new Map<Subtask, Map<TaskEdge, ChannelWriter[]>>();
  readonly #targets = new Map<number, SnapshotTarget>();
  // Operator state to begin with, by operator, until all subtasks have their parts.
  readonly #stored = new Map<string, Promise<StoredOperatorState>>();
  readonly #snapshots = new Set<Promise<unknown>>();
  #isClosing = false;

  constructor(deployment: Deployment, listener: ExecutorListener) {
    this.#deployment = deployment;
    this.#listener = listener;
    this.#byTask = deployment.graph.tasks.map((task) => this.#subtasksOf(task));
    this.#connect();
  }

  async open(): Promise<void> {
    for (const deployed of this.#deployed.values()) {
      this.#deployment.signal.throwIfAborted();
      await this.#open(deployed);
    }
    this.#stored.clear();
  }

  start(): void {
    for (const subtask of this.#deployed.keys()) {
      subtask.start();
    }
  }

  trigger(barrier: Barrier, target: SnapshotTarget, stop: StopMode | undefined): void {
    this.expect(barrier.checkpointId, target);
    this.begin(barrier, stop);
  }

  /** What the subtasks here count. */
  get readings(): readonly (SubtaskId & { readonly readings: SubtaskReadings })[] {
    return [...this.#deployed.values()].map(({ id, subtask }) => {
      const { isBackPressured, queued, recordsIn, recordsOut, recordsRead, watermark } = subtask;
      return { ...id, readings: { isBackPressured, queued, recordsIn, recordsOut, recordsRead, watermark } };
    });
  }

  /** Makes the target of a snapshot known, before its barriers come. */
  expect(checkpointId: number, target: SnapshotTarget): void {
    this.#targets.set(checkpointId, target);
  }

  /** Lets the sources send the barriers. */
  begin(barrier: Barrier, stop: StopMode | undefined): void {
    for (const { subtask, task } of this.#deployed.values()) {
      if (task.head.node.work.kind === 'source') {
        subtask.trigger(barrier, stop);
      }
    }
  }

  async completeCheckpoint(checkpointId: number, isSavepoint: boolean): Promise<void> {
    this.#targets.delete(checkpointId);
    const told = [...this.#deployed.values()].map(({ keyed, subtask }) => {
      if (!isSavepoint) {
        keyed?.notifyCheckpointComplete(checkpointId);
      }
      return subtask.completeCheckpoint(checkpointId);
    });
    await Promise.all(told);
  }

  forgetSnapshot(checkpointId: number): void {
    this.#targets.delete(checkpointId);
  }

  abortCheckpoint(checkpointId: number): void {
    this.forgetSnapshot(checkpointId);
    for (const { keyed, subtask } of this.#deployed.values()) {
      keyed?.notifyCheckpointAborted(checkpointId);
      subtask.abortCheckpoint(checkpointId);
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = await Promise.allSettled([...this.#deployed.keys()].map((subtask) => subtask.close()));
    await Promise.allSettled(this.#snapshots);
    const backends = [...this.#deployed.values()].map(({ keyed }) => keyed?.close());
    const released = await Promise.allSettled(backends);
    for (const result of [...closed, ...released]) {
      if (result.status === 'rejected') {
        throw result.reason;
      }
    }
  }

  /** Takes the snapshot of a subtask; settles when it may go on. */
  async snapshot(subtask: Subtask, barrier: Barrier): Promise<void> {
    const { checkpointId } = barrier;
    const target = this.#targets.get(checkpointId);
    const deployed = this.#deployed.get(subtask) as Deployed;
    if (target === undefined) {
      return;
    }
    const startMs = performance.now();
    const startDelayMs = Math.max(0, Date.now() - barrier.triggeredMs);
    try {
      const operators = subtask.chain.operators.map(({ uid, state }) => {
        const snapshot = state.snapshot();
        return snapshot === undefined ? { uid } : { uid, state: snapshot };
      });
      const keyed =
        deployed.keyed && beginSnapshot(deployed.keyed, target, { checkpointId, uid: deployed.task.head.uid });
      await keyed?.captured;
      const syncMs = performance.now() - startMs;
      const stored = this.#store(deployed, target, { operators, keyed: keyed?.completed });
      const acknowledged = stored.then(
        (handle) => {
          const asyncMs = performance.now() - startMs - syncMs;
          const ack = { checkpointId, subtask: deployed.id, operators, startDelayMs, syncMs, asyncMs };
          this.#listener.acknowledged({ ...ack, ...sizesOf(operators, handle), ...(handle && { handle }) });
        },
        (error) => this.#listener.declined(checkpointId, deployed.id, error),
      );
      this.#snapshots.add(acknowledged);
      acknowledged.finally(() => this.#snapshots.delete(acknowledged));
    } catch (error) {
      this.#listener.declined(checkpointId, deployed.id, error);
    }
  }

  reachedEnd(subtask: Subtask): void {
    this.#listener.reachedEnd((this.#deployed.get(subtask) as Deployed).id);
  }

  failed(subtask: Subtask, error: unknown): void {
    if (!this.#isClosing) {
      this.#listener.failed((this.#deployed.get(subtask) as Deployed).id, error);
    }
  }

  async #store(
    { id, task }: Deployed,
    target: SnapshotTarget,
    state: { readonly operators: SnapshotAck['operators']; readonly keyed: Promise<unknown> | undefined },
  ): Promise<SnapshotAck['handle']> {
    const handle = await state.keyed;
    await target.confirm?.();
    if (target.kind === 'checkpoint') {
      return handle as SnapshotAck['handle'];
    }
    const { maxParallelism, parallelism } = task;
    for (const { uid, state: snapshot } of state.operators) {
      await target.writer.addOperatorState({ uid, subtaskIndex: id.index, parallelism, maxParallelism, snapshot });
    }
    return undefined;
  }

  #subtasksOf(task: Task): (Deployed | undefined)[] {
    return Array.from({ length: task.parallelism }, (_, index) => {
      const id = { task: task.index, index };
      if (this.#deployment.placement?.isHere(id) === false) {
        return undefined;
      }
      const name = `${task.name} (${index + 1}/${task.parallelism})`;
      const subtask = new Subtask(name, this.#scheduler, this);
      const deployed: Deployed = { id, task, subtask, keyed: undefined };
      this.#deployed.set(subtask, deployed);
      return deployed;
    });
  }

  #connect(): void {
    for (const task of this.#deployment.graph.tasks) {
      const edges = task.operators.flatMap((operator) => operator.edges);
      for (const [from, deployed] of (this.#byTask[task.index] ?? []).entries()) {
        const writers = new Map(
          edges.map((edge, number) => [
            edge,
            this.#writersOf(edge, { from, deployed, name: `${task.index}.${number}` }),
          ]),
        );
        if (deployed !== undefined) {
          this.#channels.set(deployed.subtask, writers);
        }
      }
    }
  }

  // Those of an edge from one subtask; where it runs elsewhere, what comes from there is received.
  #writersOf(
    edge: TaskEdge,
    { deployed, from, name }: { readonly from: number; readonly deployed: Deployed | undefined; readonly name: string },
  ): ChannelWriter[] {
    const receivers = [...(this.#byTask[edge.to] ?? []).entries()];
    const reached = edge.partitioning.kind === 'forward' ? receivers.slice(from, from + 1) : receivers;
    return reached.flatMap(([to, receiver]) =>
      this.#channel({ edge, deployed, receiver, name: `${name}:${from}>${to}` }),
    );
  }

  #channel({ deployed, edge, name, receiver }: ChannelEnds): ChannelWriter[] {
    const { placement } = this.#deployment;
    if (receiver === undefined) {
      return deployed === undefined || placement === undefined ? [] : [placement.writerOf(name, deployed.subtask)];
    }
    const channel = new Channel(deployed?.subtask ?? NOBODY);
    receiver.subtask.addChannel({ channel, input: edge.edge.input });
    if (deployed === undefined) {
      placement?.receive(name, channel);
      return [];
    }
    return [channel];
  }

  async #open(deployed: Deployed): Promise<void> {
    const { attemptNumber, graph, isCheckpointed, isExactlyOnce, watermarkIntervalMs } = this.#deployment;
    const { id, subtask, task } = deployed;
    const metricGroup = subtaskMetrics(this.#deployment.metricGroup, subtask, { task, index: id.index });
    deployed.keyed = await this.#openKeyed(deployed, metricGroup);
    const states = await this.#operatorStates(deployed);
    const clock = new SubtaskClock((letter) => subtask.mail(letter));
    const timers = new KeyedTimers(clock);
    const channels = this.#channels.get(subtask);
    const chain = new OperatorChain({
      ...{ task, attemptNumber, clock, timers, isCheckpointed, metricGroup, subtask, watermarkIntervalMs },
      subtaskIndex: id.index,
      keyed: deployed.keyed,
      wake: () => subtask.inputArrived(),
      isRestored: (uid) => this.#deployment.restored?.operator(uid) !== undefined,
      operatorStateOf: (uid) => states.get(uid) as OperatorStateBackend,
      receiversOf: (edge) => ({
        channels: channels?.get(edge) ?? [],
        maxParallelism: (graph.tasks[edge.to] as Task).maxParallelism,
      }),
    });
    const processElement = elementHandlers(task, chain.head, deployed.keyed);
    await subtask.open({ chain, timers, clock, processElement, isExactlyOnce });
  }

  async #openKeyed({ id, task }: Deployed, metricGroup: MetricGroup): Promise<KeyedStateBackend<unknown> | undefined> {
    const { backend, restored, signal, slot } = this.#deployment;
    const keyType = task.head.node.keys.find((key) => key !== undefined)?.keyType;
    if (keyType === undefined) {
      return undefined;
    }
    const restore = restored?.operator(task.head.uid)?.keyed;
    const { maxParallelism, parallelism } = task;
    return backend.createKeyedStateBackend({
      ...{ keyType, maxParallelism, signal },
      metricGroup: metricGroup.addGroup('operator', task.head.node.name),
      keyGroupRange: keyGroupRangeOf(id.index, maxParallelism, parallelism),
      ...(restore && { restore }),
      ...(slot && { slot }),
    });
  }

  async #operatorStates({ id, task }: Deployed): Promise<Map<string, OperatorStateBackend>> {
    const states = new Map<string, OperatorStateBackend>();
    for (const { uid } of task.operators) {
      const stored = await this.#storedOf(uid);
      const place = { subtaskIndex: id.index, parallelism: task.parallelism };
      states.set(uid, stored === undefined ? new OperatorStateBackend() : OperatorStateBackend.restore(stored, place));
    }
    return states;
  }

  // Each subtask takes its part of what all of them have stored, which is read once.
  #storedOf(uid: string): Promise<StoredOperatorState> | undefined {
    const stored = this.#stored.get(uid) ?? this.#deployment.restored?.operator(uid)?.operatorState();
    if (stored !== undefined) {
      this.#stored.set(uid, stored);
    }
    return stored;
  }
}

interface ChannelEnds {
  readonly edge: TaskEdge;
  /** Names the channel in all threads. */
  readonly name: string;
  readonly deployed: Deployed | undefined;
  readonly receiver: Deployed | undefined;
}

// Of what comes from elsewhere: whoever sends it is told in another way.
const NOBODY: Producer = { outputFilled() {}, outputDrained() {} };

function beginSnapshot(
  keyed: KeyedStateBackend<unknown>,
  target: SnapshotTarget,
  { checkpointId, uid }: { readonly checkpointId: number; readonly uid: string },
): { readonly captured: Promise<void>; readonly completed: Promise<unknown> } {
  return target.kind === 'checkpoint'
    ? keyed.snapshot(checkpointId, target.writer, { signal: target.signal })
    : keyed.savepoint(target.writer, { uid, signal: target.signal });
}

function sizesOf(
  operators: SnapshotAck['operators'],
  handle: SnapshotAck['handle'],
): Pick<SnapshotAck, 'checkpointedSizeBytes' | 'stateSizeBytes'> {
  const operatorBytes = operators.reduce((sum, { state }) => sum + (state?.bytes.length ?? 0), 0);
  return {
    checkpointedSizeBytes: operatorBytes + (handle?.checkpointedSizeBytes ?? 0),
    stateSizeBytes: operatorBytes + (handle?.sizeBytes ?? 0),
  };
}

// One function for each input, which sets the key where the operator is keyed.
function elementHandlers(
  { head }: Task,
  operator: StreamOperator,
  keyed: KeyedStateBackend<unknown> | undefined,
): GateHandler['processElement'] {
  const { keys, work } = head.node;
  const handlers: ((value: never, timestamp: number) => MaybePromise)[] = [];
  if (work.kind === 'one-input') {
    const one = operator as OneInputOperator<unknown>;
    handlers.push((value, timestamp) => one.processElement(value, timestamp));
  } else if (work.kind === 'two-input') {
    const two = operator as TwoInputOperator<unknown, unknown>;
    handlers.push((value, timestamp) => two.processElement1(value, timestamp));
    handlers.push((value, timestamp) => two.processElement2(value, timestamp));
  }
  return handlers.map((handle, input) => {
    const keySelector = keys[input]?.keySelector;
    if (keySelector === undefined || keyed === undefined) {
      return handle;
    }
    return (value, timestamp) => {
      keyed.setCurrentKey(keySelector(value));
      return handle(value, timestamp);
    };
  });
}
