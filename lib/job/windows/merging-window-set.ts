// The windows of a key that merge, and which window each keeps its contents under: that of the first window that it was made
// of, so that contents seldom move. Flink's savepoints have the same set.
import type { ListState } from '../../api/state.ts';
import { describeWindow, sameWindow, type Window } from './window.ts';
import type { MergingWindowAssigner } from './window-assigner.ts';

/** A window, and the one that its contents are kept under. */
export type WindowPair<W> = [window: W, stateWindow: W];

/** What becomes of windows that are merged. */
export interface WindowMerge<W> {
  readonly result: W;
  /** Those that were windows before, the result among them when it was. */
  readonly merged: readonly W[];
  /** Where the contents of the result are. */
  readonly stateWindow: W;
  /** Where contents are that are to move there. */
  readonly mergedStateWindows: readonly W[];
}

export class MergingWindowSet<T, W extends Window> {
  readonly #assigner: MergingWindowAssigner<T, W>;
  readonly #state: ListState<WindowPair<W>>;
  readonly #merge: (merge: WindowMerge<W>) => void;
  #stored: readonly WindowPair<W>[] = [];
  // Replaced when it changes: as long as it is `#stored` itself, nothing has.
  #pairs: readonly WindowPair<W>[] = [];

  constructor(
    assigner: MergingWindowAssigner<T, W>,
    state: ListState<WindowPair<W>>,
    merge: (merge: WindowMerge<W>) => void,
  ) {
    this.#assigner = assigner;
    this.#state = state;
    this.#merge = merge;
  }

  /** Begins with the windows of the current key. */
  load(): void {
    this.#stored = this.#state.get();
    this.#pairs = this.#stored;
  }

  /** Stores the windows of the current key, if they are others than before. */
  persist(): void {
    if (this.#pairs !== this.#stored && !samePairs(this.#pairs, this.#stored)) {
      this.#state.update(this.#pairs);
    }
  }

  /** Where the contents of a window are; undefined for what is no window any more. */
  stateWindowOf(window: W): W | undefined {
    for (const pair of this.#pairs) {
      if (sameWindow(pair[0], window)) {
        return pair[1];
      }
    }
    return undefined;
  }

  /** Forgets a window. */
  retire(window: W): void {
    const index = this.#pairs.findIndex(([known]) => sameWindow(known, window));
    if (index < 0) {
      throw new Error(`Window ${describeWindow(window)} is none of those that are open.`);
    }
    this.#pairs = this.#pairs.toSpliced(index, 1);
  }

  /** Adds a window, merges what is to be one with it, and answers the window that it has become part of. */
  add(added: W): W {
    if (this.stateWindowOf(added) !== undefined) {
      return added;
    }
    let result = added;
    const windows: W[] = [];
    for (const pair of this.#pairs) {
      windows.push(pair[0]);
    }
    windows.push(added);
    this.#assigner.mergeWindows(windows, (merging, merged) => {
      if (includesWindow(merging, added)) {
        result = merged;
      }
      this.#become(merged, merging);
    });
    if (this.stateWindowOf(result) === undefined) {
      this.#pairs = [...this.#pairs, [result, result]];
    }
    return result;
  }

  #become(result: W, windows: readonly W[]): void {
    const before: WindowPair<W>[] = [];
    const after: WindowPair<W>[] = [];
    for (const pair of this.#pairs) {
      (includesWindow(windows, pair[0]) ? before : after).push(pair);
    }
    const [first, ...more] = before as [WindowPair<W>, ...WindowPair<W>[]];
    const [firstWindow, stateWindow] = first;
    after.push([result, stateWindow]);
    this.#pairs = after;
    // A window that another one lies within stays what it is.
    if (more.length > 0 || !sameWindow(firstWindow, result)) {
      this.#merge({
        result,
        stateWindow,
        merged: before.map(([window]) => window),
        mergedStateWindows: more.map(([, moved]) => moved),
      });
    }
  }
}

function includesWindow(windows: readonly Window[], wanted: Window): boolean {
  for (const window of windows) {
    if (sameWindow(window, wanted)) {
      return true;
    }
  }
  return false;
}

/** Whether there are the same pairs, in any order. */
function samePairs<W extends Window>(pairs: readonly WindowPair<W>[], others: readonly WindowPair<W>[]): boolean {
  const isAmongOthers = ([window, stateWindow]: WindowPair<W>) =>
    others.some((other) => sameWindow(other[0], window) && sameWindow(other[1], stateWindow));
  return pairs.length === others.length && pairs.every(isAmongOthers);
}
