// The subtasks of one worker: what the job's own thread asks of them, and what they tell it.
import type { MessagePort } from 'node:worker_threads';
import { CancelledError, JobError } from '../../errors.ts';
import type { WorkerJob } from '../ambient.ts';
import { restoredFromCheckpoint } from '../coordinator/restored-checkpoint.ts';
import type { RestoredJob } from '../coordinator/restored-job.ts';
import type { JobGraph } from '../graph/job-graph.ts';
import type { StopMode } from '../runtime/executor.ts';
import type { Barrier } from '../runtime/stream-element.ts';
import { type Deployment, type Placement, TaskExecutor } from '../runtime/task-executor.ts';
import { type MessageRpc, plainError, type RpcHandlers } from './message-rpc.ts';
import { RemoteChannels } from './remote-channels.ts';
import { type RemoteSnapshot, RemoteSnapshotTargets, remoteStorage } from './remote-snapshot-target.ts';
import { shapesOf, type WorkerDeployment, type WorkerStart, workerOf } from './worker-protocol.ts';

// How often the job's own thread is told what the subtasks count.
const REPORT_MS = 500;

export class WorkerSubtasks {
  readonly #start: WorkerStart;
  readonly #rpc: () => MessageRpc;
  readonly #targets: RemoteSnapshotTargets;
  readonly #cancellation = new AbortController();
  // Of snapshots under way.
  readonly #snapshots = new Map<number, AbortController>();
  readonly #channels = new Map<number, RemoteChannels>();
  #job: WorkerJob | undefined;
  #executor: TaskExecutor | undefined;
  #opening: Promise<void> = Promise.resolve();
  #reporting: NodeJS.Timeout | undefined;

  /** @param rpc - answers the calls to the job's own thread. */
  constructor(start: WorkerStart, rpc: () => MessageRpc) {
    this.#start = start;
    this.#rpc = rpc;
    this.#targets = new RemoteSnapshotTargets(rpc, start.index);
  }

  /** Takes the job that the module has defined. */
  join(job: WorkerJob): void {
    this.#job = job;
  }

  /** What the job's own thread may call. */
  handlers(): RpcHandlers {
    return {
      connect: (ports: ReadonlyMap<number, MessagePort>) => {
        for (const [index, port] of ports) {
          this.#channels.set(index, new RemoteChannels(port));
        }
      },
      open: (deployment: WorkerDeployment) => {
        this.#opening = this.#open(deployment);
        return this.#opening;
      },
      start: () => this.#executor?.start(),
      expect: (snapshot: RemoteSnapshot) => this.#expect(snapshot),
      begin: (barrier: Barrier, stop: StopMode | undefined) => this.#executor?.begin(barrier, stop),
      complete: (checkpointId: number, isSavepoint: boolean) => {
        this.#snapshots.delete(checkpointId);
        return this.#executor?.completeCheckpoint(checkpointId, isSavepoint);
      },
      abort: (checkpointId: number) => {
        this.#snapshots.get(checkpointId)?.abort(new CancelledError(`Checkpoint ${checkpointId}`, 'it was given up'));
        this.#snapshots.delete(checkpointId);
        this.#executor?.abortCheckpoint(checkpointId);
      },
      forget: (checkpointId: number) => {
        this.#snapshots.delete(checkpointId);
        this.#executor?.forgetSnapshot(checkpointId);
      },
      writePart: (part: number, path: string) => this.#targets.writePart(part, path),
      close: () => this.#close(),
    };
  }

  async #close(): Promise<void> {
    this.#cancellation.abort(new CancelledError('The job', 'it has ended'));
    await this.#opening.catch(() => {});
    clearInterval(this.#reporting);
    await this.#executor?.close();
  }

  async #open(deployment: WorkerDeployment): Promise<void> {
    const { attemptNumber } = deployment;
    const job = this.#job as WorkerJob;
    const graph = agreedGraph(job.graph, deployment);
    const rpc = this.#rpc();
    const parts: Deployment = {
      ...{ ...job, graph, attemptNumber },
      slot: { id: this.#start.slotId },
      restored: await this.#restored(job, deployment),
      metricGroup: job.metrics.addGroup('job', graph.name),
      signal: this.#cancellation.signal,
      placement: this.#placement(),
    };
    this.#executor = new TaskExecutor(parts, {
      acknowledged: (ack) => rpc.notify('acknowledged', ack),
      declined: (id, subtask, error) => rpc.notify('declined', id, subtask, plainError(error)),
      reachedEnd: (subtask) => rpc.notify('reachedEnd', subtask),
      failed: (subtask, error) => rpc.notify('failed', subtask, plainError(error)),
    });
    await this.#executor.open();
    this.#reporting = setInterval(() => rpc.notify('readings', this.#executor?.readings), REPORT_MS);
  }

  async #restored(job: WorkerJob, deployment: WorkerDeployment): Promise<RestoredJob | undefined> {
    const { checkpoint, restoredFrom } = deployment;
    if (checkpoint !== undefined) {
      return restoredFromCheckpoint(checkpoint, { storage: remoteStorage(this.#rpc()) });
    }
    return restoredFrom === undefined ? undefined : job.openRestored(restoredFrom);
  }

  #placement(): Placement {
    const { index, workers } = this.#start;
    // The name of a channel ends in the index of the subtask that it comes from, and of the one that it leads to.
    const other = (channel: string, end: 'from' | 'to') => {
      const [from, to] = (channel.split(':')[1] as string).split('>').map(Number) as [number, number];
      return this.#channels.get(workerOf(end === 'from' ? from : to, workers.count)) as RemoteChannels;
    };
    return {
      isHere: (subtask) => workerOf(subtask.index, workers.count) === index,
      writerOf: (channel, producer) => other(channel, 'to').writerOf(channel, producer),
      receive: (name, channel) => other(name, 'from').receive(name, channel),
    };
  }

  #expect(snapshot: RemoteSnapshot): void {
    const abort = new AbortController();
    this.#snapshots.set(snapshot.checkpointId, abort);
    this.#executor?.expect(snapshot.checkpointId, this.#targets.targetOf(snapshot, abort.signal));
  }
}

/** The worker's graph with the numbers of key groups that the job has. @throws JobError when it is another program's. */
function agreedGraph(graph: JobGraph, { tasks: wanted }: WorkerDeployment): JobGraph {
  const found = shapesOf(graph);
  const tasks = graph.tasks.map((task, index) => {
    return { ...task, maxParallelism: wanted[index]?.maxParallelism ?? task.maxParallelism };
  });
  const describe = (shapes: readonly { readonly uids: readonly string[]; readonly parallelism: number }[]) =>
    shapes.map(({ parallelism, uids }) => `${uids.join(' -> ')} (${parallelism})`).join(', ');
  if (describe(found) !== describe(wanted)) {
    throw new JobError(
      graph.name,
      `a worker's module defines another job: ${describe(found)}, not ${describe(wanted)}; the module must define the ` +
        'same job each time that it is loaded, and execute it first',
    );
  }
  return { ...graph, tasks };
}
