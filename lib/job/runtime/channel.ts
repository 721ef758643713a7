// A bounded queue from one subtask to another. A full one does not refuse elements, as an operator can't stop in the middle of
// a record; it tells its producer, which does not begin another one.
import type { StreamElement } from './stream-element.ts';

/** Elements that a channel holds before its producer has to wait. */
export const CHANNEL_CAPACITY = 1024;

/** Who writes to a channel. */
export interface Producer {
  /** A channel of it has become full. */
  outputFilled(): void;
  /** A channel of it that was full takes elements again. */
  outputDrained(): void;
}

/** Who reads from a channel. */
export interface Consumer {
  /** A channel of it that was empty has an element. */
  inputArrived(): void;
}

/** Where a subtask puts elements for another one. */
export interface ChannelWriter {
  push(element: StreamElement): void;
}

export class Channel implements ChannelWriter {
  readonly #capacity: number;
  readonly #producer: Producer;
  #consumer: Consumer | undefined;
  #items: StreamElement[] = [];
  // Emptied, to be filled in turn with the other.
  #spare: StreamElement[] = [];
  #reading: StreamElement[] = [];
  #next = 0;
  #isFull = false;
  #onTaken: ((count: number) => void) | undefined;

  constructor(producer: Producer, capacity: number = CHANNEL_CAPACITY) {
    this.#producer = producer;
    this.#capacity = capacity;
  }

  set consumer(consumer: Consumer) {
    this.#consumer = consumer;
  }

  /** Told how many elements the consumer has begun to read at once. */
  set onTaken(listener: (count: number) => void) {
    this.#onTaken = listener;
  }

  get size(): number {
    return this.#items.length + this.#reading.length - this.#next;
  }

  push(element: StreamElement): void {
    const items = this.#items;
    items.push(element);
    if (items.length === 1 && this.#next === this.#reading.length) {
      this.#consumer?.inputArrived();
    }
    if (!this.#isFull && items.length >= this.#capacity) {
      this.#isFull = true;
      this.#producer.outputFilled();
    }
  }

  /** The oldest element, which is taken out; `undefined` when there is none. */
  shift(): StreamElement | undefined {
    if (this.#next === this.#reading.length && !this.#turn()) {
      return undefined;
    }
    const element = this.#reading[this.#next] as StreamElement;
    this.#next++;
    return element;
  }

  // What was written is read from here on, and the other half written to.
  #turn(): boolean {
    if (this.#items.length === 0) {
      return false;
    }
    const read = this.#reading;
    read.length = 0;
    this.#reading = this.#items;
    this.#items = this.#spare;
    this.#spare = read;
    this.#next = 0;
    this.#onTaken?.(this.#reading.length);
    if (this.#isFull) {
      this.#isFull = false;
      this.#producer.outputDrained();
    }
    return true;
  }
}
