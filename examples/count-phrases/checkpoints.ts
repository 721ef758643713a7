// When the job checkpoints, and which checkpoints it keeps: one at a time, every interval, the newest two.
import type { FileSystemCheckpointStorage, KeyedStateBackend, KeyedStateHandle } from 'rockstate';

const KEPT_CHECKPOINTS = 2;

/** How far the job is: kept with each checkpoint, so that a restart replays exactly what the state has not seen. */
export interface Position {
  /** Words that the state has seen. */
  readonly tokens: number;
  /** Distinct phrases that it holds. */
  readonly phrases: number;
}

export type CheckpointEvent =
  | { readonly type: 'checkpoint-begun'; readonly checkpointId: number }
  | {
      readonly type: 'checkpoint-complete';
      readonly checkpointId: number;
      readonly tokens: number;
      /** Until counting could go on. */
      readonly captureMs: number;
      /** Until it was stored. */
      readonly durationMs: number;
      readonly sizeBytes: number;
    };

interface CheckpointsOptions {
  readonly keyed: KeyedStateBackend<string>;
  readonly storage: FileSystemCheckpointStorage;
  readonly intervalMs: number;
  readonly restoredFrom: KeyedStateHandle | undefined;
  readonly report: (event: CheckpointEvent) => void;
}

export class Checkpoints {
  readonly #options: CheckpointsOptions;
  /** What this state descends from: the checkpoint restored, then those taken. */
  readonly #lineage: number[];
  #lastId: number;
  #dueAt: number;
  #storing: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;

  private constructor(options: CheckpointsOptions, lastId: number) {
    this.#options = options;
    this.#lineage = options.restoredFrom === undefined ? [] : [options.restoredFrom.checkpointId];
    this.#lastId = lastId;
    this.#dueAt = performance.now() + options.intervalMs;
  }

  static async begin(options: CheckpointsOptions): Promise<Checkpoints> {
    return new Checkpoints(options, (await options.storage.list()).at(-1) ?? 0);
  }

  /** Whether it is time for the next. Throws when one has failed. */
  isDue(): boolean {
    this.#throwFailure();
    return this.#storing === undefined && performance.now() >= this.#dueAt;
  }

  /** Returns when the state may be written again; storing goes on in the background. */
  async take(position: Position): Promise<void> {
    const { keyed, storage, intervalMs, report } = this.#options;
    const checkpointId = ++this.#lastId;
    const begunAt = performance.now();
    this.#dueAt = begunAt + intervalMs;
    report({ type: 'checkpoint-begun', checkpointId });
    const snapshot = keyed.snapshot(checkpointId, storage, { attachment: { ...position } });
    const captureMs = snapshot.captured.then(() => performance.now() - begunAt);
    this.#storing = snapshot.completed
      .then(async ({ sizeBytes }) => {
        const durationMs = performance.now() - begunAt;
        report({
          type: 'checkpoint-complete',
          checkpointId,
          tokens: position.tokens,
          captureMs: await captureMs,
          durationMs,
          sizeBytes,
        });
        await this.#discardOlder(checkpointId);
      })
      .catch((cause) => {
        this.#failure = { cause };
      })
      .finally(() => {
        this.#storing = undefined;
      });
    await captureMs;
  }

  /** Waits for the one being stored. */
  async settle(): Promise<void> {
    await this.#storing;
    this.#throwFailure();
  }

  // A checkpoint that this run went back behind is discarded as well: its successors are not the state's.
  async #discardOlder(completedId: number): Promise<void> {
    this.#lineage.push(completedId);
    const kept = new Set(this.#lineage.slice(-KEPT_CHECKPOINTS));
    for (const id of await this.#options.storage.list()) {
      if (!kept.has(id)) {
        await this.#options.storage.discard(id);
      }
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) {
      throw this.#failure.cause;
    }
  }
}
