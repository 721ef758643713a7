// What takes the records of an operator: the next operator of the chain, or the channels of an edge.
import type { OneInputOperator } from '../operators/stream-operator.ts';
import type { ChannelWriter } from './channel.ts';
import type { ChannelSelector } from './channel-selector.ts';
import { RECORD, STATUS, StreamElement, WATERMARK } from './stream-element.ts';

export interface RecordTarget {
  collect(value: unknown, timestamp: number): void;
  emitWatermark(timestamp: number): void;
  emitStatus(idle: boolean): void;
}

/** Learns of work that goes on after a call. */
export interface PendingWork {
  /** The subtask goes on after the promise. */
  waitFor(work: Promise<void>): void;
}

/** Hands records to the next operator of the same chain, one after another. */
export class ChainedTarget implements RecordTarget {
  readonly #operator: OneInputOperator<unknown>;
  readonly #next: (idle: boolean) => void;
  readonly #subtask: PendingWork;
  // What the operator is still busy with.
  #pending: Promise<void> | undefined;

  /** @param emitStatus - what the operator does with a status. */
  constructor(operator: OneInputOperator<unknown>, emitStatus: (idle: boolean) => void, subtask: PendingWork) {
    this.#operator = operator;
    this.#next = emitStatus;
    this.#subtask = subtask;
  }

  collect(value: unknown, timestamp: number): void {
    if (this.#pending === undefined) {
      const work = this.#operator.processElement(value, timestamp);
      if (work !== undefined) {
        this.#after(work);
      }
    } else {
      this.#after(this.#pending.then(() => this.#operator.processElement(value, timestamp)));
    }
  }

  emitWatermark(timestamp: number): void {
    if (this.#pending === undefined) {
      const work = this.#operator.processWatermark(timestamp);
      if (work !== undefined) {
        this.#after(work);
      }
    } else {
      this.#after(this.#pending.then(() => this.#operator.processWatermark(timestamp)));
    }
  }

  emitStatus(idle: boolean): void {
    if (this.#pending === undefined) {
      this.#next(idle);
    } else {
      this.#after(this.#pending.then(() => this.#next(idle)));
    }
  }

  #after(work: Promise<void>): void {
    const pending = work.then(() => {
      if (this.#pending === pending) {
        this.#pending = undefined;
      }
    });
    this.#pending = pending;
    this.#subtask.waitFor(pending);
  }
}

/** Puts records into the channels of an edge. */
export class ChannelTarget implements RecordTarget {
  readonly #channels: readonly ChannelWriter[];
  readonly #select: ChannelSelector;

  constructor(channels: readonly ChannelWriter[], select: ChannelSelector) {
    this.#channels = channels;
    this.#select = select;
  }

  collect(value: unknown, timestamp: number): void {
    const channel = this.#select(value);
    const element = new StreamElement(RECORD, value, timestamp);
    if (channel < 0) {
      this.broadcast(element);
    } else {
      (this.#channels[channel] as ChannelWriter).push(element);
    }
  }

  emitWatermark(timestamp: number): void {
    this.broadcast(new StreamElement(WATERMARK, undefined, timestamp));
  }

  emitStatus(idle: boolean): void {
    this.broadcast(new StreamElement(STATUS, idle, 0));
  }

  broadcast(element: StreamElement): void {
    for (const channel of this.#channels) {
      channel.push(element);
    }
  }
}
