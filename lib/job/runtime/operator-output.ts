// The output of an operator: its records go to all that consume them, those with a tag to the consumers of the tag.
import type { Output, OutputTag } from '../operators/output.ts';
import type { RecordTarget } from './record-target.ts';

const NOBODY: readonly RecordTarget[] = [];

export class OperatorOutput implements Output<unknown> {
  recordsOut = 0;
  readonly #first: RecordTarget | undefined;
  readonly #others: readonly RecordTarget[];
  readonly #side: ReadonlyMap<string, readonly RecordTarget[]>;
  readonly #all: readonly RecordTarget[];

  constructor(main: readonly RecordTarget[], side: ReadonlyMap<string, readonly RecordTarget[]>) {
    [this.#first] = main;
    this.#others = main.length > 1 ? main.slice(1) : NOBODY;
    this.#side = side;
    this.#all = [...main, ...[...side.values()].flat()];
  }

  collect(value: unknown, timestamp: number): void {
    this.recordsOut++;
    this.#first?.collect(value, timestamp);
    if (this.#others.length > 0) {
      for (const target of this.#others) {
        target.collect(value, timestamp);
      }
    }
  }

  collectSide<X>(tag: OutputTag<X>, value: X, timestamp: number): void {
    for (const target of this.#side.get(tag.id) ?? NOBODY) {
      target.collect(value, timestamp);
    }
  }

  emitWatermark(timestamp: number): void {
    for (const target of this.#all) {
      target.emitWatermark(timestamp);
    }
  }

  emitStatus(idle: boolean): void {
    for (const target of this.#all) {
      target.emitStatus(idle);
    }
  }
}
