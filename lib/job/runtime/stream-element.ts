// What flows through channels. One class for all kinds, so that the loops over elements see one shape.

export const RECORD = 0;
export const WATERMARK = 1;
/** Whether the sender is idle. */
export const STATUS = 2;
export const BARRIER = 3;
/** Nothing comes any more but barriers. */
export const END_OF_DATA = 4;

export type ElementKind = 0 | 1 | 2 | 3 | 4;

export class StreamElement {
  readonly kind: ElementKind;
  /** The record; of a status, whether it is idle; of a barrier, a {@link Barrier}. */
  readonly value: unknown;
  /** Of a record or watermark, in event time. */
  readonly timestamp: number;

  constructor(kind: ElementKind, value: unknown, timestamp: number) {
    this.kind = kind;
    this.value = value;
    this.timestamp = timestamp;
  }
}

/** Divides the records before a checkpoint, or savepoint, from those after it. Plain data. */
export interface Barrier {
  readonly checkpointId: number;
  readonly kind: 'checkpoint' | 'savepoint';
  /** Milliseconds since 1970 when it was triggered. */
  readonly triggeredMs: number;
}

/** A barrier as it was sent. */
export function barrierOf(element: StreamElement): Barrier {
  return element.value as Barrier;
}
