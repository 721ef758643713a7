// Requests that an iteration has made on its way, of which it waits for many at once.

const MOST = 500;

export class Settlements {
  #pending: Promise<void>[] = [];
  #failure: unknown;
  #hasFailed = false;

  /** Whether it is time to wait for them. */
  get isFull(): boolean {
    return this.#pending.length >= MOST;
  }

  readonly add = (end: Promise<void>): void => {
    this.#pending.push(
      end.catch((error) => {
        this.#failure = error;
        this.#hasFailed = true;
      }),
    );
  };

  /** Waits for all of them. @throws what one of them failed with. */
  async all(): Promise<void> {
    await Promise.all(this.#pending);
    this.#pending = [];
    if (this.#hasFailed) {
      throw this.#failure;
    }
  }
}
