// A source as the input of its subtask.
import { POLL_RECORDS } from '../sources/source.ts';
import type { SourceOperator } from '../sources/source-operator.ts';
import type { GateHandler, TaskInput } from './input-gate.ts';

export class SourceInput implements TaskInput {
  readonly #source: SourceOperator;
  readonly #handler: GateHandler;

  constructor(source: SourceOperator, handler: GateHandler) {
    this.#source = source;
    this.#handler = handler;
  }

  process(limit: number): boolean {
    // A poll may put out several records.
    for (let polls = 0; polls < limit; polls += POLL_RECORDS) {
      const status = this.#source.poll();
      if (status === 'END_OF_INPUT') {
        this.#handler.onEndOfData();
      }
      if (status !== 'MORE_AVAILABLE') {
        return false;
      }
      if (this.#handler.blockers > 0) {
        return true;
      }
    }
    return true;
  }

  abortCheckpoint(): void {}
}
