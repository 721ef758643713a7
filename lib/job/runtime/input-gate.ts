// What a subtask reads: channels from other subtasks. Their watermarks come to one, and so do their barriers: a channel whose
// barrier has come waits for those of the others, so that a checkpoint has the records before it and no others.
import type { MaybePromise } from '../operators/stream-operator.ts';
import type { Channel } from './channel.ts';
import { BARRIER, type Barrier, barrierOf, RECORD, STATUS, type StreamElement, WATERMARK } from './stream-element.ts';
import { WatermarkValve } from './watermark-valve.ts';

/** Processes what comes through a gate. */
export interface GateHandler {
  /** One for each input of the operator. */
  readonly processElement: readonly ((value: never, timestamp: number) => MaybePromise)[];
  onWatermark(timestamp: number): void;
  onStatus(idle: boolean): void;
  /** All channels are at the barrier. */
  onBarrier(barrier: Barrier): void;
  /** Nothing comes any more, from any channel, but barriers. */
  onEndOfData(): void;
  waitFor(work: Promise<void>): void;
  /** How many things keep the subtask from going on. */
  readonly blockers: number;
}

/** What a subtask takes its work from. */
export interface TaskInput {
  /** Processes at most so many records, until the subtask is blocked; answers whether there may be more. */
  process(limit: number): boolean;
  /** A checkpoint does not take place any more. */
  abortCheckpoint(checkpointId: number): void;
}

/** A channel, and which input of the operator it is for. */
export interface GateChannel {
  readonly channel: Channel;
  readonly input: 0 | 1;
}

export class InputGate implements TaskInput {
  recordsIn = 0;
  readonly #channels: readonly GateChannel[];
  readonly #handler: GateHandler;
  readonly #isExactlyOnce: boolean;
  readonly #valve: WatermarkValve;
  // Of channels whose barrier has come.
  readonly #blocked: boolean[];
  readonly #hasEnded: boolean[];
  #aligning: Barrier | undefined;
  #arrived = 0;
  #lastCheckpointId = 0;
  #current = 0;
  // Since the channels were last gone through: those may have elements that had to wait.
  #hasReleased = false;

  constructor(channels: readonly GateChannel[], handler: GateHandler, isExactlyOnce: boolean) {
    this.#channels = channels;
    this.#handler = handler;
    this.#isExactlyOnce = isExactlyOnce;
    this.#valve = new WatermarkValve(channels.length, {
      watermark: (timestamp) => handler.onWatermark(timestamp),
      status: (idle) => handler.onStatus(idle),
    });
    this.#blocked = channels.map(() => false);
    this.#hasEnded = channels.map(() => false);
  }

  get watermark(): number {
    return this.#valve.watermark;
  }

  /** Elements that wait in the channels. */
  get queued(): number {
    return this.#channels.reduce((sum, { channel }) => sum + channel.size, 0);
  }

  process(limit: number): boolean {
    const handler = this.#handler;
    const channels = this.#channels;
    let left = limit;
    this.#hasReleased = false;
    for (let tried = 0; tried < channels.length; tried++) {
      const index = this.#current;
      const { channel, input } = channels[index] as GateChannel;
      const processElement = handler.processElement[input] as (value: unknown, timestamp: number) => MaybePromise;
      while (!this.#blocked[index]) {
        const element = channel.shift();
        if (element === undefined) {
          break;
        }
        if (element.kind === RECORD) {
          this.recordsIn++;
          const work = processElement(element.value, element.timestamp);
          if (work !== undefined) {
            handler.waitFor(work);
          }
        } else {
          this.#control(index, element);
        }
        left--;
        if (handler.blockers > 0) {
          return true;
        }
        if (left <= 0) {
          this.#turn();
          return true;
        }
      }
      this.#turn();
    }
    return this.#hasReleased;
  }

  abortCheckpoint(checkpointId: number): void {
    this.#lastCheckpointId = Math.max(this.#lastCheckpointId, checkpointId);
    if (this.#aligning?.checkpointId === checkpointId) {
      this.#release();
    }
  }

  #turn(): void {
    this.#current = this.#current + 1 === this.#channels.length ? 0 : this.#current + 1;
  }

  #control(index: number, element: StreamElement): void {
    switch (element.kind) {
      case WATERMARK:
        this.#valve.inputWatermark(index, element.timestamp);
        break;
      case STATUS:
        this.#valve.inputStatus(index, element.value as boolean);
        break;
      case BARRIER:
        this.#barrier(index, barrierOf(element));
        break;
      default:
        this.#end(index);
    }
  }

  #end(index: number): void {
    this.#hasEnded[index] = true;
    if (this.#hasEnded.every(Boolean)) {
      this.#handler.onEndOfData();
    }
  }

  #barrier(index: number, barrier: Barrier): void {
    const { checkpointId } = barrier;
    const aligning = this.#aligning?.checkpointId ?? this.#lastCheckpointId;
    if (checkpointId <= this.#lastCheckpointId || checkpointId < aligning) {
      return;
    }
    if (checkpointId > aligning) {
      this.#release();
      this.#aligning = barrier;
    }
    this.#arrived++;
    this.#blocked[index] = this.#isExactlyOnce;
    if (this.#arrived === this.#channels.length) {
      this.#lastCheckpointId = checkpointId;
      this.#release();
      this.#handler.onBarrier(barrier);
    }
  }

  #release(): void {
    this.#hasReleased ||= this.#arrived > 0;
    this.#aligning = undefined;
    this.#arrived = 0;
    this.#blocked.fill(false);
  }
}
