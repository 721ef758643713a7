// The clock of a backend's tables. Every view of a table ends a version; what an older version wrote is then changed in
// copies only.

export class SnapshotVersions {
  readonly #held: number[] = [];
  #current = 1;

  /** What is written now bears this version. */
  get current(): number {
    return this.#current;
  }

  /** Ends the current version: nothing that was written up to now is changed in place any more. */
  freeze(): void {
    this.#current++;
  }

  /** As {@link freeze}, and protects the values too, until the snapshot's version is released. */
  hold(): number {
    this.freeze();
    this.#held.push(this.#current);
    return this.#current;
  }

  release(version: number): void {
    const index = this.#held.indexOf(version);
    if (index >= 0) {
      this.#held.splice(index, 1);
    }
  }

  /** Whether a snapshot not released yet has what was written at this version. Versions are held in rising order. */
  isHeld(version: number): boolean {
    return this.#held.length > 0 && version < (this.#held[this.#held.length - 1] as number);
  }
}
