// What windows in event time should put out, by keeping all elements in arrays and looking at all of them again and again.
import type { TimeWindow } from '../../lib/bytes/time-window.ts';

/** Windows as a test describes them. */
export type OracleWindows =
  | { readonly kind: 'sliding'; readonly size: number; readonly slide: number; readonly offset: number }
  | { readonly kind: 'session'; readonly gap: number };

export interface OracleElement {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
}

/** A window that fired: its key, itself, and the values of its elements, sorted. */
export type Fired = readonly [key: string, start: number, end: number, values: readonly number[]];

interface OpenWindow extends TimeWindow {
  readonly key: string;
  readonly values: number[];
  /** Whether it fires when the watermark is at its end. */
  isDue: boolean;
}

export class WindowOracle {
  readonly late: OracleElement[] = [];
  readonly #windows: OracleWindows;
  readonly #lateness: number;
  #open: OpenWindow[] = [];
  #fired: Fired[] = [];
  #watermark = Number.NEGATIVE_INFINITY;

  constructor(windows: OracleWindows, lateness: number) {
    this.#windows = windows;
    this.#lateness = lateness;
  }

  /** What fired since this was last asked for, in no order. */
  take(): Fired[] {
    const fired = this.#fired;
    this.#fired = [];
    return fired;
  }

  element(element: OracleElement): void {
    const windows = this.#windowsOf(element).filter((window) => !this.#isOver(window));
    if (windows.length === 0 && element.timestamp + this.#lateness <= this.#watermark) {
      this.late.push(element);
    }
    for (const window of windows) {
      window.values.push(element.value);
      this.#open = [...this.#open.filter((open) => open !== window), window];
      window.isDue = window.end - 1 > this.#watermark;
      if (!window.isDue) {
        this.#fire(window);
      }
    }
  }

  watermark(timestamp: number): void {
    this.#watermark = timestamp;
    for (const window of this.#open) {
      if (window.isDue && window.end - 1 <= timestamp) {
        window.isDue = false;
        this.#fire(window);
      }
    }
    this.#open = this.#open.filter((window) => !this.#isOver(window));
  }

  /** After a restore, nobody knows how far event time was. */
  restore(): void {
    this.#watermark = Number.NEGATIVE_INFINITY;
  }

  #isOver({ end }: TimeWindow): boolean {
    return end - 1 + this.#lateness <= this.#watermark;
  }

  #fire({ key, start, end, values }: OpenWindow): void {
    this.#fired.push([key, start, end, values.toSorted((first, second) => first - second)]);
  }

  #windowsOf(element: OracleElement): OpenWindow[] {
    return this.#windows.kind === 'session' ? [this.#sessionOf(element, this.#windows.gap)] : this.#slidingOf(element);
  }

  #slidingOf({ key, timestamp }: OracleElement): OpenWindow[] {
    const { size, slide, offset } = this.#windows as Extract<OracleWindows, { kind: 'sliding' }>;
    const windows: OpenWindow[] = [];
    for (let start = timestamp; start > timestamp - size; start--) {
      if (Number.isInteger((start - offset) / slide)) {
        const known = this.#open.find((window) => window.key === key && window.start === start);
        windows.push(known ?? { key, start, end: start + size, values: [], isDue: false });
      }
    }
    return windows;
  }

  #sessionOf({ key, timestamp }: OracleElement, gap: number): OpenWindow {
    const joined = this.#open.filter(
      (window) => window.key === key && window.start <= timestamp + gap && window.end >= timestamp,
    );
    const [only] = joined;
    const start = Math.min(timestamp, ...joined.map((window) => window.start));
    const end = Math.max(timestamp + gap, ...joined.map((window) => window.end));
    if (joined.length === 1 && only?.start === start && only.end === end) {
      return only;
    }
    this.#open = this.#open.filter((window) => !joined.includes(window));
    return { key, start, end, values: joined.flatMap(({ values }) => values), isDue: false };
  }
}
