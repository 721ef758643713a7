// The consumer's loop: reads the partitions in turn, keeps sessions in a keyed backend, and takes checkpoints that hold the
// positions of the partitions and the length of the output beside the state, so that all of them fit each other.
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EmbeddedRocksDBStateBackend, FileSystemCheckpointStorage, type KeyedStateBackend, Types } from 'rockstate';
import { OutputFile } from './output-file.ts';
import { Partition } from './partition.ts';
import { SESSION, Sessions } from './sessions.ts';

const POLL_MS = 20;

/** What a checkpoint holds beside the state. */
interface Progress {
  /** Of each partition, where to read on. */
  readonly positions: number[];
  /** Of each partition, how far its time is; null before its first event. */
  readonly timesMs: (number | null)[];
  readonly outputBytes: number;
}

export interface ConsumerOptions {
  readonly partitions: readonly string[];
  /** Of checkpoints and output. */
  readonly directory: string;
  readonly checkpointMs: number;
  /** Whether to end at the end of the log, rather than to wait for more. */
  readonly endsWithLog: boolean;
  readonly signal: AbortSignal;
}

export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #storage: FileSystemCheckpointStorage;
  readonly #partitions: readonly Partition[];
  readonly #positions: number[];
  readonly #timesMs: number[];
  readonly #keyed: KeyedStateBackend<string>;
  readonly #output: OutputFile;
  readonly #sessions: Sessions;
  #checkpointId: number;
  #clicks = 0;

  private constructor(
    options: ConsumerOptions,
    parts: {
      readonly storage: FileSystemCheckpointStorage;
      readonly partitions: readonly Partition[];
      readonly keyed: KeyedStateBackend<string>;
      readonly output: OutputFile;
      readonly progress: Progress;
      readonly checkpointId: number;
    },
  ) {
    this.#options = options;
    this.#storage = parts.storage;
    this.#partitions = parts.partitions;
    this.#positions = [...parts.progress.positions];
    this.#timesMs = parts.progress.timesMs.map((timeMs) => timeMs ?? Number.NEGATIVE_INFINITY);
    this.#keyed = parts.keyed;
    this.#output = parts.output;
    this.#checkpointId = parts.checkpointId;
    this.#sessions = new Sessions(parts.keyed, (session) => this.#output.add(session));
  }

  /** Goes on from the newest checkpoint, if there is one. */
  static async open(options: ConsumerOptions): Promise<Consumer> {
    const { directory, partitions, signal } = options;
    const storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'), { retained: 2 });
    const newest = await storage.latest();
    const progress = (newest?.attachment as unknown as Progress | undefined) ?? {
      positions: partitions.map(() => 0),
      timesMs: partitions.map(() => null),
      outputBytes: 0,
    };
    const keyed = await new EmbeddedRocksDBStateBackend(true).createKeyedStateBackend({
      ...{ keyType: Types.STRING, states: [SESSION], signal },
      ...(newest && { restore: { storage, handle: newest } }),
    });
    return new Consumer(options, {
      ...{ storage, keyed, progress, checkpointId: newest?.checkpointId ?? 0 },
      partitions: await Promise.all(partitions.map((path) => Partition.open(path))),
      output: await OutputFile.open(join(directory, 'sessions.jsonl'), progress.outputBytes),
    });
  }

  /** Settles at the end of the log, or when the signal says so; all that was read is in a checkpoint then. */
  async run(): Promise<{ readonly clicks: number; readonly checkpointId: number }> {
    const { checkpointMs, endsWithLog, signal } = this.#options;
    let dueMs = performance.now() + checkpointMs;
    let isAtEnd = false;
    while (!signal.aborted && !(isAtEnd && endsWithLog)) {
      isAtEnd = !(await this.#readEach());
      if (performance.now() >= dueMs) {
        await this.#checkpoint();
        dueMs = performance.now() + checkpointMs;
      }
      if (isAtEnd && !endsWithLog) {
        await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
      }
    }
    if (isAtEnd && endsWithLog) {
      await this.#sessions.advance(Number.POSITIVE_INFINITY);
    }
    await this.#checkpoint();
    return { clicks: this.#clicks, checkpointId: this.#checkpointId };
  }

  async close(): Promise<void> {
    await this.#keyed.close();
    await this.#output.close();
    await Promise.all(this.#partitions.map((partition) => partition.close()));
  }

  // Whether there was anything to read.
  async #readEach(): Promise<boolean> {
    let clicks = 0;
    for (const [index, partition] of this.#partitions.entries()) {
      const batch = await partition.read(this.#positions[index] as number);
      for (const click of batch.clicks) {
        this.#sessions.add(click);
        this.#timesMs[index] = click.timeMs;
      }
      this.#positions[index] = batch.next;
      clicks += batch.clicks.length;
    }
    this.#clicks += clicks;
    // A partition that is behind holds time back for all: none of its events may come too late.
    await this.#sessions.advance(Math.min(...this.#timesMs) - 1);
    return clicks > 0;
  }

  // State, positions and output belong together, so nothing is read until the state is captured. A consumer in a hurry would go
  // on then, and await `completed` before the next checkpoint.
  async #checkpoint(): Promise<void> {
    const attachment = {
      positions: [...this.#positions],
      timesMs: this.#timesMs.map((timeMs) => (Number.isFinite(timeMs) ? timeMs : null)),
      outputBytes: await this.#output.sync(),
    };
    await this.#keyed.snapshot(++this.#checkpointId, this.#storage, { attachment });
  }
}
