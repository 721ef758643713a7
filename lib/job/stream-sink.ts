// The end of a stream.
import { checkCount } from './graph/check-count.ts';
import type { StreamNode } from './graph/stream-node.ts';

/** A sink of the job. */
export class StreamSink {
  readonly #node: StreamNode;

  /** @internal */
  constructor(node: StreamNode) {
    this.#node = node;
  }

  /** Names the sink in messages and metrics. */
  name(name: string): this {
    this.#node.name = name;
    return this;
  }

  /** Names what the sink keeps in checkpoints. */
  uid(uid: string): this {
    this.#node.uid = uid;
    return this;
  }

  setParallelism(parallelism: number): this {
    this.#node.parallelism = checkCount('parallelism', parallelism);
    return this;
  }

  disableChaining(): this {
    this.#node.chainsToInput = false;
    return this;
  }
}
