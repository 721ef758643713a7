// Closed while a snapshot is being captured: a write in that moment could leak into the snapshot.
import { StateAccessError } from '../errors.ts';

export class WriteGate {
  #checkpointId: number | undefined;

  close(checkpointId: number): void {
    this.#checkpointId = checkpointId;
  }

  open(): void {
    this.#checkpointId = undefined;
  }

  /** @throws StateAccessError `ERR_SNAPSHOT_BEING_CAPTURED`. */
  check(): void {
    if (this.#checkpointId !== undefined) {
      throw new StateAccessError(
        'ERR_SNAPSHOT_BEING_CAPTURED',
        `State can not be written while checkpoint ${this.#checkpointId} is being captured; ` +
          "await the snapshot's 'captured' promise first.",
      );
    }
  }
}
