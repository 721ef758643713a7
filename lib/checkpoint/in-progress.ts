// What is handed out of a snapshot or savepoint that has begun.

/** Work whose result is awaited, or only its first step. */
export interface InProgress<T> extends PromiseLike<T> {
  readonly captured: Promise<void>;
  readonly completed: Promise<T>;
}

export function inProgress<T>(captured: Promise<void>, completed: Promise<T>): InProgress<T> {
  // Whoever awaits only one of the promises is told by that one.
  captured.catch(() => {});
  completed.catch(() => {});
  return {
    captured,
    completed,
    // biome-ignore lint/suspicious/noThenProperty: it is awaited for the result.
    then: (onFulfilled, onRejected) => completed.then(onFulfilled, onRejected),
  };
}
