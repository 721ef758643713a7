// A gauge that holds the newest number read of a database.

export class NativeGauge {
  #value = 0;
  #closed = false;

  /** 0 before the first reading. */
  get value(): number {
    return this.#value;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Takes a reading; one that is closed keeps what it has. */
  update(value: number): void {
    if (!this.#closed) {
      this.#value = value;
    }
  }

  close(): void {
    this.#closed = true;
  }
}
