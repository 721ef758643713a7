// A checkpoint or savepoint that subtasks are taking.
import { CheckpointError } from '../../errors.ts';
import type { SnapshotAck, SubtaskId } from '../runtime/snapshot-ack.ts';

export class PendingSnapshot {
  readonly checkpointId: number;
  /** Settles when all subtasks have done their part; rejects when one can't, or it is given up. */
  readonly acknowledged: Promise<readonly SnapshotAck[]>;
  readonly #expected: number;
  readonly #acks = new Map<string, SnapshotAck>();
  #resolve!: (acks: readonly SnapshotAck[]) => void;
  #reject!: (error: unknown) => void;

  constructor(checkpointId: number, expected: number) {
    this.checkpointId = checkpointId;
    this.#expected = expected;
    this.acknowledged = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may be given up before anybody waits.
    this.acknowledged.catch(() => {});
  }

  /** What is begun for it, unless it is given up before; `abandon` is given what has begun in vain. */
  async begun<W>(beginning: Promise<W>, abandon: (writer: W) => unknown): Promise<W> {
    try {
      return (await Promise.race([beginning, this.acknowledged])) as W;
    } catch (error) {
      beginning.then(abandon).catch(() => {});
      throw error;
    }
  }

  acknowledge(ack: SnapshotAck): void {
    this.#acks.set(keyOf(ack.subtask), ack);
    if (this.#acks.size === this.#expected) {
      this.#resolve([...this.#acks.values()]);
    }
  }

  giveUp(error: unknown): void {
    this.#reject(error);
  }

  /** After a time without an end. */
  expire(timeoutMs: number): void {
    const missing = this.#expected - this.#acks.size;
    this.giveUp(
      new CheckpointError(
        `Checkpoint ${this.checkpointId} expired: after ${timeoutMs} ms, ${missing} of ${this.#expected} subtasks have not ` +
          "stored their state; 'execution.checkpointing.timeout' says how long it may take.",
      ),
    );
  }
}

function keyOf({ task, index }: SubtaskId): string {
  return `${task}:${index}`;
}
