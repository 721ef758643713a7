// Where an operator's records go: to the next operator of its chain, or into channels.

/** The timestamp of a record that has none. */
export const NO_TIMESTAMP: number = Number.NEGATIVE_INFINITY;

/** The watermark after which nothing comes any more. */
export const MAX_WATERMARK: number = Number.POSITIVE_INFINITY;

/**
 * Names records that an operator puts out beside its main output.
 *
 * @example
 * ```ts
 * const late = new OutputTag<Click>('late');
 * ```
 */
export class OutputTag<T> {
  readonly id: string;
  /** Only for type inference. */
  declare readonly type: T;

  constructor(id: string) {
    this.id = id;
  }
}

/** Takes what an operator puts out. Records are handed over, not copied. */
export interface Output<T> {
  /** @param timestamp - in event time; {@link NO_TIMESTAMP} for none. */
  collect(value: T, timestamp: number): void;
  /** Puts a record out under a tag. Without a consumer of the tag, nothing happens. */
  collectSide<X>(tag: OutputTag<X>, value: X, timestamp: number): void;
  /** Says that no record at or before the time comes any more. */
  emitWatermark(timestamp: number): void;
  /** Says whether there will be records and watermarks for now; downstream, watermarks do not wait for idle inputs. */
  emitStatus(idle: boolean): void;
}
