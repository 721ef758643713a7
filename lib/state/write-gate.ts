// Closed while a snapshot is being captured: a write in that moment could leak into the snapshot.
import { StateAccessError } from '../errors.ts';

export class WriteGate {
  #captured: string | undefined;

  /** @param captured - what is being captured. */
  close(captured: string): void {
    this.#captured = captured;
  }

  open(): void {
    this.#captured = undefined;
  }

  get isOpen(): boolean {
    return this.#captured === undefined;
  }

  /** @throws StateAccessError `ERR_SNAPSHOT_BEING_CAPTURED`. */
  check(): void {
    if (this.#captured !== undefined) {
      throw beingCaptured(this.#captured);
    }
  }
}

function beingCaptured(what: string): StateAccessError {
  return new StateAccessError(
    'ERR_SNAPSHOT_BEING_CAPTURED',
    `State can not be written while ${what} is being captured; await the snapshot's 'captured' promise first.`,
  );
}
