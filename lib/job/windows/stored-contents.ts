// The contents of windows in state: added to, given out when the window fires, and moved when windows merge.
import { ListStateDescriptor } from '../../api/descriptors.ts';
import type { AppendingState, ListState, NamespacedState } from '../../api/state.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { Evictor, EvictorContext } from './evictors/evictor.ts';
import type { PartitionedStates } from './partitioned-states.ts';
import { type TimestampedValue, timestampedValueType } from './timestamped-value.ts';
import type { Window } from './window.ts';
import { WINDOW_CONTENTS, type WindowContents } from './window-contents.ts';

/** Does what the program wants done with what a window holds. */
export type FireWindow<E, W> = (window: W, elements: readonly E[]) => void;

export interface StoredContents<T, E, W> {
  /** Selects the contents that calls are about. */
  select(stateWindow: W): void;
  add(value: T, timestamp: number): void;
  /** Hands the contents over, if there are any. */
  fire(window: W, fire: FireWindow<E, W>): void;
  clear(): void;
  merge(target: W, sources: readonly W[]): void;
}

/** Contents as they are added, without timestamps. */
export class PlainContents<T, E, W extends Window> implements StoredContents<T, E, W> {
  readonly #states: PartitionedStates<W>;
  readonly #contents: WindowContents<T, E>;
  // Set by `select`; the same state from then on.
  #state!: AppendingState<T, unknown>;
  #selected: NamespacedState<W> | undefined;

  constructor(states: PartitionedStates<W>, contents: WindowContents<T, E>) {
    this.#states = states;
    this.#contents = contents;
  }

  select(stateWindow: W): void {
    if (this.#selected !== undefined) {
      this.#selected.setCurrentNamespace(stateWindow);
      return;
    }
    this.#state = this.#states.get(this.#contents.descriptor, stateWindow);
    this.#selected = this.#state as unknown as NamespacedState<W>;
  }

  add(value: T): void {
    this.#state.add(value);
  }

  fire(window: W, fire: FireWindow<E, W>): void {
    const elements = this.#contents.fromState(this.#state.get());
    if (elements.length > 0) {
      fire(window, elements);
    }
  }

  clear(): void {
    this.#state.clear();
  }

  merge(target: W, sources: readonly W[]): void {
    this.#states.merge(this.#contents.descriptor, target, sources);
  }
}

/** What {@link EvictedContents} are made of. */
export interface EvictedContentsParts<T, E, W extends Window> {
  readonly states: PartitionedStates<W>;
  readonly contents: WindowContents<T, E>;
  readonly elementType: TypeInformation<T>;
  readonly evictor: Evictor<T, W>;
  readonly context: EvictorContext;
}

/** Elements with their timestamps, some of which an evictor drops when the window fires. */
export class EvictedContents<T, E, W extends Window> implements StoredContents<T, E, W> {
  readonly #states: PartitionedStates<W>;
  readonly #contents: WindowContents<T, E>;
  readonly #evictor: Evictor<T, W>;
  readonly #context: EvictorContext;
  readonly #descriptor: ListStateDescriptor<TimestampedValue<T>>;
  // Set by `select`.
  #state!: ListState<TimestampedValue<T>>;

  constructor({ states, contents, elementType, evictor, context }: EvictedContentsParts<T, E, W>) {
    this.#states = states;
    this.#contents = contents;
    this.#evictor = evictor;
    this.#context = context;
    this.#descriptor = new ListStateDescriptor(WINDOW_CONTENTS, timestampedValueType(elementType));
  }

  select(stateWindow: W): void {
    this.#state = this.#states.get(this.#descriptor, stateWindow);
  }

  add(value: T, timestamp: number): void {
    this.#state.add({ value, timestamp });
  }

  fire(window: W, fire: FireWindow<E, W>): void {
    const elements = this.#state.get();
    if (elements.length === 0) {
      return;
    }
    const before = this.#evictor.evictBefore(elements, window, this.#context);
    fire(window, this.#contents.fromElements(before.map(({ value }) => value)));
    const after = this.#evictor.evictAfter(before, window, this.#context);
    if (after !== elements) {
      this.#state.update(after);
    }
  }

  clear(): void {
    this.#state.clear();
  }

  merge(target: W, sources: readonly W[]): void {
    this.#states.merge(this.#descriptor, target, sources);
  }
}
