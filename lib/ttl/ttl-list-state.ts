// List state whose elements expire one by one, over a list of elements with their times.
import type { ListState, MergingState, NamespacedState } from '../api/state.ts';
import { givenElements } from '../bytes/given-items.ts';
import { TtlValue } from '../bytes/ttl-value.ts';
import type { Expiry } from './expiry.ts';
import type { ListRemoval, LookedAt } from './looked-at-list.ts';

/** The list of a backend, of elements with their times. */
export interface StampedList<N, T> extends ListState<TtlValue<T>>, NamespacedState<N>, MergingState<N> {
  readonly name: string;
  [Symbol.iterator](): IterableIterator<TtlValue<T>>;
  [Symbol.asyncIterator](): AsyncIterableIterator<TtlValue<T>>;
  /** Whether what is read may be changed now: not while a snapshot is being captured. */
  readonly isWritable: boolean;
  /** Looks at the list of the current key and replaces it, with nothing in between. */
  asyncExchange<R>(look: (elements: TtlValue<T>[]) => LookedAt<TtlValue<T>, R>): Promise<R>;
  /** For the list of the current key. */
  removal(): ListRemoval<TtlValue<T>>;
}

export class TtlListState<N, T> implements ListState<T>, NamespacedState<N>, MergingState<N> {
  readonly #list: StampedList<N, T>;
  readonly #expiry: Expiry;

  constructor(list: StampedList<N, T>, expiry: Expiry) {
    this.#list = list;
    this.#expiry = expiry;
  }

  setCurrentNamespace(namespace: N): void {
    this.#list.setCurrentNamespace(namespace);
  }

  get(): T[] {
    const { result, replacement } = this.#look(this.#list.get());
    if (replacement !== undefined && this.#list.isWritable) {
      this.#list.update(replacement);
    }
    return result;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#expiry.refreshesOnRead ? this.get()[Symbol.iterator]() : this.#visible();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.#expiry.refreshesOnRead ? yielded(this.asyncGet()) : this.#visibleAsync();
  }

  add(value: T): void {
    this.#list.add(this.#stamped(value));
  }

  addAll(values: Iterable<T>): void {
    this.#list.addAll(this.#allStamped(values));
  }

  update(values: Iterable<T>): void {
    this.#list.update(this.#allStamped(values));
  }

  mergeNamespaces(target: N, sources: Iterable<N>): void {
    // Elements keep their times, so that what has expired stays expired.
    this.#list.mergeNamespaces(target, sources);
  }

  clear(): void {
    this.#list.clear();
  }

  async asyncGet(): Promise<T[]> {
    return this.#list.asyncExchange((elements) => this.#look(elements));
  }

  async asyncAdd(value: T): Promise<void> {
    return this.#list.asyncAdd(this.#stamped(value));
  }

  async asyncAddAll(values: Iterable<T>): Promise<void> {
    return this.#list.asyncAddAll(this.#allStamped(values));
  }

  async asyncUpdate(values: Iterable<T>): Promise<void> {
    return this.#list.asyncUpdate(this.#allStamped(values));
  }

  async asyncClear(): Promise<void> {
    return this.#list.asyncClear();
  }

  #stamped(value: T): TtlValue<T> {
    return new TtlValue(this.#expiry.now(), value);
  }

  #allStamped(values: Iterable<T>): TtlValue<T>[] {
    const elements = givenElements(this.#list.name, values);
    const now = this.#expiry.now();
    return elements.map((value) => new TtlValue(now, value));
  }

  #look(elements: TtlValue<T>[]): LookedAt<TtlValue<T>, T[]> {
    const expiry = this.#expiry;
    const now = expiry.now();
    const live = elements.filter(({ lastAccessMs }) => !expiry.isExpired(lastAccessMs, now));
    const result = (expiry.returnsExpired ? elements : live).map(({ value }) => value);
    if (live.length === 0) {
      return { result, replacement: elements.length === 0 ? undefined : [] };
    }
    const isFresh = live.length === elements.length && live.every(({ lastAccessMs }) => lastAccessMs === now);
    const isReplaced = expiry.refreshesOnRead && !isFresh;
    return { result, replacement: isReplaced ? live.map(({ value }) => new TtlValue(now, value)) : undefined };
  }

  // The key is captured here, when the iterator is asked for, and not when it is first moved.
  #visible(): IterableIterator<T> {
    const elements = this.#list[Symbol.iterator]();
    const removal = this.#list.removal();
    const seen = new Seen<T>(this.#expiry);
    return (function* () {
      for (const element of elements) {
        if (seen.shows(element)) {
          yield element.value;
        }
      }
      if (seen.isObsolete) {
        removal.now(seen.isExpired);
      }
    })();
  }

  #visibleAsync(): AsyncIterableIterator<T> {
    const elements = this.#list[Symbol.asyncIterator]();
    const removal = this.#list.removal();
    const seen = new Seen<T>(this.#expiry);
    return (async function* () {
      for await (const element of elements) {
        if (seen.shows(element)) {
          yield element.value;
        }
      }
      if (seen.isObsolete) {
        await removal.later(seen.isExpired);
      }
    })();
  }
}

/** What an iteration has come by. */
class Seen<T> {
  readonly #expiry: Expiry;
  #expired = 0;
  #live = 0;

  constructor(expiry: Expiry) {
    this.#expiry = expiry;
  }

  /** Whether there were elements, and none that lives. */
  get isObsolete(): boolean {
    return this.#live === 0 && this.#expired > 0;
  }

  shows(element: TtlValue<T>): boolean {
    if (this.isExpired(element)) {
      this.#expired++;
      return this.#expiry.returnsExpired;
    }
    this.#live++;
    return true;
  }

  readonly isExpired = ({ lastAccessMs }: TtlValue<T>): boolean =>
    this.#expiry.isExpired(lastAccessMs, this.#expiry.now());
}

// The promise may fail before anybody iterates.
function yielded<T>(elements: Promise<T[]>): AsyncIterableIterator<T> {
  elements.catch(() => {});
  return (async function* () {
    yield* await elements;
  })();
}
