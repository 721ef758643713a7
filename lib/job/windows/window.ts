// Windows: spans of time, or the one window that everything is in.
import type { GlobalWindow } from '../../bytes/global-window.ts';
import type { TimeWindow } from '../../bytes/time-window.ts';
import { MAX_WATERMARK } from '../operators/output.ts';

/** What elements are grouped in: a span of time, or the one global window. */
export type Window = TimeWindow | GlobalWindow;

/**
 * The time of the last instant that belongs to a window: its end less a millisecond, and `Infinity` for the global window.
 * What a window puts out has this timestamp.
 */
export function maxTimestamp(window: Window): number {
  return typeof window === 'string' ? MAX_WATERMARK : window.end - 1;
}

export function sameWindow(first: Window, second: Window): boolean {
  if (typeof first === 'string' || typeof second === 'string') {
    return first === second;
  }
  return first.start === second.start && first.end === second.end;
}

/** As in an error message. */
export function describeWindow(window: Window): string {
  return typeof window === 'string' ? window : `[${window.start}, ${window.end})`;
}
