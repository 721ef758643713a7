// A list of operator state in memory.
import type { TypeSerializer } from '../../api/type-information.ts';
import { givenElements } from '../../bytes/given-items.ts';
import { TextOutput } from '../../heap/byte-text.ts';
import { namedSerializer } from './named-serializer.ts';
import type { OperatorListState } from './operator-state-store.ts';

const scratch = new TextOutput();

export class PartitionableListState<T> implements OperatorListState<T> {
  readonly name: string;
  readonly #serializer: Pick<TypeSerializer<T>, 'serialize'>;
  #elements: T[];

  /** @param elements - which become its own. */
  constructor(name: string, serializer: TypeSerializer<T>, elements: T[]) {
    this.name = name;
    this.#serializer = namedSerializer(serializer, name, 'value');
    this.#elements = elements;
  }

  /** What snapshots write. */
  get toWrite(): { readonly serializer: Pick<TypeSerializer<T>, 'serialize'>; readonly elements: readonly T[] } {
    return { serializer: this.#serializer, elements: this.#elements };
  }

  get(): T[] {
    return [...this.#elements];
  }

  add(value: T): void {
    this.#check(value);
    this.#elements.push(value);
  }

  addAll(values: Iterable<T>): void {
    const checked = this.#checkAll(values);
    this.#elements = this.#elements.length === 0 ? checked : this.#elements.concat(checked);
  }

  update(values: Iterable<T>): void {
    this.#elements = this.#checkAll(values);
  }

  clear(): void {
    this.#elements = [];
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#elements[Symbol.iterator]();
  }

  #checkAll(values: Iterable<T>): T[] {
    const given = givenElements(this.name, values);
    for (const value of given) {
      this.#check(value);
    }
    return given;
  }

  // Serializes into nowhere, so that what could never be part of a snapshot is refused now.
  #check(value: T): void {
    this.#serializer.serialize(value, scratch.start());
  }
}
