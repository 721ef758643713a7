// Writes to a sink in a subtask. What is to be committed waits in operator state for its checkpoint to be complete.
import { ListStateDescriptor } from '../../api/descriptors.ts';
import { Types } from '../../bytes/types.ts';
import type { OperatorListState } from '../operator-state/operator-state-store.ts';
import { NO_TIMESTAMP } from '../operators/output.ts';
import type { MaybePromise, OneInputOperator, OperatorContext } from '../operators/stream-operator.ts';
import type { Sink, SinkWriter } from './sink.ts';

// Who takes a committable over after a restore is decided anew, so all subtasks are given all.
const COMMITTABLES = 'sink-committables';

interface Uncommitted {
  readonly checkpointId: number;
  readonly committables: readonly unknown[];
}

export class SinkOperator implements OneInputOperator<unknown> {
  readonly #sink: Sink<unknown, unknown>;
  readonly #context: OperatorContext;
  readonly #write = { timestamp: NO_TIMESTAMP, currentWatermark: NO_TIMESTAMP };
  #writer: SinkWriter<unknown, unknown> | undefined;
  #committables: OperatorListState<unknown> | undefined;
  #uncommitted: Uncommitted[] = [];

  constructor(sink: Sink<unknown, unknown>, context: OperatorContext) {
    this.#sink = sink;
    this.#context = context;
  }

  async open(): Promise<void> {
    const { operatorState, parallelism, subtaskIndex } = this.#context;
    const type = this.#sink.committableType ?? Types.JSON<unknown>();
    this.#committables = operatorState.getUnionListState(new ListStateDescriptor(COMMITTABLES, type));
    const restored = this.#committables.get();
    this.#writer = await this.#sink.createWriter({ subtaskIndex, parallelism, restored });
    const own = restored.filter((_, index) => index % parallelism === subtaskIndex);
    if (own.length > 0) {
      await this.#writer.commit?.(own);
    }
    this.#committables.clear();
  }

  processElement(value: unknown, timestamp: number): MaybePromise {
    this.#write.timestamp = timestamp;
    return (this.#writer as SinkWriter<unknown, unknown>).write(value, this.#write);
  }

  processWatermark(timestamp: number): void {
    this.#write.currentWatermark = timestamp;
  }

  async endInput(): Promise<void> {
    // With checkpoints, one more is taken now.
    if (!this.#context.isCheckpointed) {
      await this.snapshotState(Number.MAX_SAFE_INTEGER);
      await this.notifyCheckpointComplete(Number.MAX_SAFE_INTEGER);
    }
  }

  async snapshotState(checkpointId: number): Promise<void> {
    const committables = (await this.#writer?.snapshot?.(checkpointId)) ?? [];
    if (committables.length > 0) {
      this.#uncommitted.push({ checkpointId, committables });
    }
    this.#committables?.update(this.#uncommitted.flatMap((each) => each.committables));
  }

  async notifyCheckpointComplete(checkpointId: number): Promise<void> {
    const complete = this.#uncommitted.filter((each) => each.checkpointId <= checkpointId);
    if (complete.length > 0) {
      await this.#writer?.commit?.(complete.flatMap(({ committables }) => committables));
      this.#uncommitted = this.#uncommitted.filter((each) => each.checkpointId > checkpointId);
    }
  }

  async close(): Promise<void> {
    await this.#writer?.close?.();
  }
}
