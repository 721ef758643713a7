// How the lists of all backends are looked at for elements that may go.

/** What comes of looking at a list: an `undefined` replacement leaves it, an empty one removes it. */
export interface LookedAt<E, R> {
  readonly result: R;
  readonly replacement: readonly E[] | undefined;
}

/** A list that is wholly obsolete is removed, wherever the current key is by then. */
export interface ListRemoval<E> {
  /** Reads the list as it is now, and removes it when all of it is obsolete. */
  now(isObsolete: (element: E) => boolean): void;
  later(isObsolete: (element: E) => boolean): Promise<void>;
}
