// Channels between the threads of a job. Elements go in batches; the receiver says how many it has begun to read, so that no
// more than a channel's capacity is under way.
import type { MessagePort } from 'node:worker_threads';
import { CHANNEL_CAPACITY, type Channel, type ChannelWriter } from '../runtime/channel.ts';
import { type ElementKind, StreamElement } from '../runtime/stream-element.ts';
import type { RemoteProducer } from '../runtime/task-executor.ts';

const BATCH = 128;

interface Batch {
  readonly channel: string;
  readonly elements: readonly { readonly kind: ElementKind; readonly value: unknown; readonly timestamp: number }[];
}

interface Credit {
  readonly channel: string;
  readonly taken: number;
}

/** The channels of one thread to and from another one. */
export class RemoteChannels {
  readonly #port: MessagePort;
  readonly #writers = new Map<string, RemoteWriter>();
  readonly #receivers = new Map<string, Channel>();

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: Batch | Credit) => this.#receive(message));
  }

  writerOf(channel: string, producer: RemoteProducer): ChannelWriter {
    const send = (elements: readonly StreamElement[]) => this.#port.postMessage({ channel, elements } satisfies Batch);
    const writer = new RemoteWriter(send, producer);
    this.#writers.set(channel, writer);
    return writer;
  }

  receive(name: string, channel: Channel): void {
    this.#receivers.set(name, channel);
    channel.onTaken = (taken) => this.#port.postMessage({ channel: name, taken } satisfies Credit);
  }

  #receive(message: Batch | Credit): void {
    if ('taken' in message) {
      this.#writers.get(message.channel)?.taken(message.taken);
      return;
    }
    const channel = this.#receivers.get(message.channel);
    for (const { kind, value, timestamp } of message.elements) {
      channel?.push(new StreamElement(kind, value, timestamp));
    }
  }
}

class RemoteWriter implements ChannelWriter {
  readonly #send: (elements: readonly StreamElement[]) => void;
  readonly #producer: RemoteProducer;
  #batch: StreamElement[] = [];
  #underWay = 0;
  #isFull = false;
  #isScheduled = false;

  constructor(send: (elements: readonly StreamElement[]) => void, producer: RemoteProducer) {
    this.#send = send;
    this.#producer = producer;
  }

  push(element: StreamElement): void {
    this.#batch.push(element);
    this.#underWay++;
    if (!this.#isFull && this.#underWay >= CHANNEL_CAPACITY) {
      this.#isFull = true;
      this.#producer.outputFilled();
    }
    if (this.#batch.length >= BATCH) {
      this.#flush();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#flush();
      });
    }
  }

  taken(count: number): void {
    this.#underWay -= count;
    if (this.#isFull && this.#underWay < CHANNEL_CAPACITY) {
      this.#isFull = false;
      this.#producer.outputDrained();
    }
  }

  #flush(): void {
    if (this.#batch.length > 0) {
      const batch = this.#batch;
      this.#batch = [];
      try {
        this.#send(batch);
      } catch (error) {
        // A record that is no plain data.
        this.#producer.fail(error);
      }
    }
  }
}
