// Runs the subtasks of a job in worker threads, each of which loads the job's module. The job's own thread keeps the storage.
import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type {
  CheckpointStorage,
  CompletedCheckpoint,
  KeyedStateHandle,
  StoredFile,
  UploadOptions,
} from '../../api/checkpoint.ts';
import type { SavepointOperatorStatePart, SavepointPart } from '../../api/savepoint.ts';
import { JobError } from '../../errors.ts';
import type { Executor, ExecutorListener, SnapshotTarget, StopMode } from '../runtime/executor.ts';
import type { SnapshotAck, SubtaskId } from '../runtime/snapshot-ack.ts';
import type { Barrier } from '../runtime/stream-element.ts';
import { type SubtaskReadings, subtaskMetrics } from '../runtime/subtask-metrics.ts';
import type { Deployment, TaskExecutor } from '../runtime/task-executor.ts';
import { errorOf, MessageRpc, type plainError } from './message-rpc.ts';
import type { RemoteSnapshot } from './remote-snapshot-target.ts';
import { type JobWorkers, shapesOf, type WorkerDeployment, type WorkerStart } from './worker-protocol.ts';

type PlainError = ReturnType<typeof plainError>;

/** What is to be run in workers. */
export interface WorkersDeployment extends Deployment {
  readonly storage: CheckpointStorage;
  readonly workers: JobWorkers;
  /** The checkpoint of this run of the job that it goes on from. */
  readonly checkpoint: CompletedCheckpoint | undefined;
}

interface Thread {
  readonly worker: Worker;
  readonly rpc: MessageRpc;
  /** Settles when the worker's module has defined the job. */
  readonly joined: Promise<void>;
  hasJoined: boolean;
}

export class WorkerExecutor implements Executor {
  readonly #deployment: WorkersDeployment;
  readonly #listener: ExecutorListener;
  readonly #targets = new Map<number, SnapshotTarget>();
  // By task and index of the subtask.
  readonly #readings = new Map<string, SubtaskReadings>();
  #threads: readonly Thread[] = [];
  #isClosing = false;

  constructor(deployment: WorkersDeployment, listener: ExecutorListener) {
    this.#deployment = deployment;
    this.#listener = listener;
  }

  async open(): Promise<void> {
    this.#showMetrics();
    const { attemptNumber, checkpoint, graph, restored, workers } = this.#deployment;
    const slotId = randomUUID();
    this.#threads = Array.from({ length: workers.count }, (_, index) => this.#start({ workers, index, slotId }));
    await this.#unlessCancelled(Promise.all(this.#threads.map(({ joined }) => joined)));
    this.#connect();
    const deployment: WorkerDeployment = {
      ...{ attemptNumber, tasks: shapesOf(graph) },
      ...(checkpoint !== undefined && { checkpoint }),
      ...(checkpoint === undefined && restored !== undefined && { restoredFrom: restored.location }),
    };
    await this.#unlessCancelled(this.#callAll('open', deployment));
  }

  start(): void {
    this.#notifyAll('start');
  }

  async trigger(barrier: Barrier, target: SnapshotTarget, stop: StopMode | undefined): Promise<void> {
    const { checkpointId } = barrier;
    this.#targets.set(checkpointId, target);
    const snapshot: RemoteSnapshot =
      target.kind === 'checkpoint'
        ? { kind: 'checkpoint', checkpointId }
        : { kind: 'savepoint', checkpointId, directory: target.writer.directory, compress: target.writer.compress };
    // A barrier may come to a worker from another one: all have to know first what it is about.
    await this.#callAll('expect', snapshot);
    this.#notifyAll('begin', barrier, stop);
  }

  async completeCheckpoint(checkpointId: number, isSavepoint: boolean): Promise<void> {
    this.#targets.delete(checkpointId);
    await this.#callAll('complete', checkpointId, isSavepoint);
  }

  abortCheckpoint(checkpointId: number): void {
    this.#targets.delete(checkpointId);
    this.#notifyAll('abort', checkpointId);
  }

  forgetSnapshot(checkpointId: number): void {
    this.#targets.delete(checkpointId);
    this.#notifyAll('forget', checkpointId);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    // What a worker does whose module has not come to its job, nobody knows.
    const joined = this.#threads.filter(({ hasJoined }) => hasJoined);
    const closed = await Promise.allSettled(joined.map(({ rpc }) => rpc.call('close')));
    for (const { rpc } of this.#threads) {
      rpc.close();
    }
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    for (const result of closed) {
      if (result.status === 'rejected') {
        throw result.reason;
      }
    }
  }

  // The metrics of subtasks are as if they ran here, as of their workers' last report.
  #showMetrics(): void {
    const { graph, metricGroup } = this.#deployment;
    for (const task of graph.tasks) {
      for (let index = 0; index < task.parallelism; index++) {
        const counts = { recordsIn: 0, recordsOut: 0, recordsRead: 0, queued: 0 };
        const readings = { ...counts, watermark: Number.NaN, isBackPressured: false };
        this.#readings.set(`${task.index}:${index}`, readings);
        subtaskMetrics(metricGroup, readings, { task, index });
      }
    }
  }

  #start(start: WorkerStart): Thread {
    const entry = new URL(`./worker-main${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(entry, { workerData: start, argv: process.argv.slice(2) });
    let join!: () => void;
    let fail!: (error: unknown) => void;
    const joined = new Promise<void>((resolve, reject) => {
      join = resolve;
      fail = reject;
    });
    joined.catch(() => {});
    const hasJoined = () => {
      thread.hasJoined = true;
      join();
    };
    const rpc = new MessageRpc(worker, { joined: hasJoined, ...this.#handlers() });
    const ended = (error: unknown) => {
      fail(error);
      rpc.close(error);
      if (!this.#isClosing) {
        this.#listener.failed({ task: 0, index: start.index }, error);
      }
    };
    worker.on('error', ended);
    worker.on('exit', (code) => ended(new JobError(`worker ${start.index}`, `its thread ended with code ${code}`)));
    const thread: Thread = { worker, rpc, joined, hasJoined: false };
    return thread;
  }

  /** @throws the signal's reason, however far the work is. */
  async #unlessCancelled(work: Promise<unknown>): Promise<void> {
    const { signal } = this.#deployment;
    let cancel = () => {};
    const cancelled = new Promise<never>((_, reject) => {
      cancel = () => reject(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
    });
    work.catch(() => {});
    try {
      signal.throwIfAborted();
      await Promise.race([work, cancelled]);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  // Each worker gets a port to each of the others.
  #connect(): void {
    const ports = this.#threads.map((): Map<number, MessagePort> => new Map());
    for (const [one, portsOfOne] of ports.entries()) {
      for (const [other, portsOfOther] of [...ports.entries()].slice(one + 1)) {
        const { port1, port2 } = new MessageChannel();
        portsOfOne.set(other, port1);
        portsOfOther.set(one, port2);
      }
    }
    for (const [index, { worker }] of this.#threads.entries()) {
      const own = ports[index] as Map<number, MessagePort>;
      worker.postMessage({ call: 'connect', args: [own] }, [...own.values()]);
    }
  }

  // What workers ask of this thread.
  #handlers(): ConstructorParameters<typeof MessageRpc>[1] {
    const { storage } = this.#deployment;
    const listener = this.#listener;
    return {
      acknowledged: (ack: SnapshotAck) => listener.acknowledged(ack),
      declined: (id: number, subtask: SubtaskId, error: PlainError) => listener.declined(id, subtask, errorOf(error)),
      reachedEnd: (subtask: SubtaskId) => listener.reachedEnd(subtask),
      failed: (subtask: SubtaskId, error: PlainError) => listener.failed(subtask, errorOf(error)),
      readings: (reported: TaskExecutor['readings']) => {
        for (const { task, index, readings } of reported) {
          Object.assign(this.#readings.get(`${task}:${index}`) ?? {}, readings);
        }
      },
      upload: (checkpointId: number, localPath: string, options: UploadOptions) => {
        const { signal, writer } = this.#target(checkpointId, 'checkpoint');
        return writer.upload(localPath, { ...options, signal });
      },
      reuse: (checkpointId: number, files: readonly StoredFile[]) => {
        const { writer } = this.#target(checkpointId, 'checkpoint');
        return files.filter((file) => writer.reuse(file) === undefined).map(({ path }) => path);
      },
      addOperatorState: (checkpointId: number, state: SavepointOperatorStatePart) =>
        this.#target(checkpointId, 'savepoint').writer.addOperatorState(state),
      download: (handle: KeyedStateHandle, file: StoredFile, localPath: string) =>
        storage.download(handle, file, localPath, this.#deployment.signal),
      protect: (checkpointId: number) => storage.protect?.(checkpointId),
      addPart: (checkpointId: number, index: number, part: number) =>
        this.#target(checkpointId, 'savepoint').writer.add((path) =>
          (this.#threads[index] as Thread).rpc.call<SavepointPart>('writePart', part, path),
        ),
    };
  }

  #target<K extends SnapshotTarget['kind']>(checkpointId: number, kind: K): Extract<SnapshotTarget, { kind: K }> {
    const target = this.#targets.get(checkpointId);
    if (target?.kind !== kind) {
      throw new Error(`The ${kind} ${checkpointId} is not under way any more.`);
    }
    return target as Extract<SnapshotTarget, { kind: K }>;
  }

  async #callAll(name: string, ...args: unknown[]): Promise<void> {
    await Promise.all(this.#threads.map(({ rpc }) => rpc.call(name, ...args)));
  }

  #notifyAll(name: string, ...args: unknown[]): void {
    for (const { rpc } of this.#threads) {
      rpc.notify(name, ...args);
    }
  }
}
