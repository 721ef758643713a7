// Makes one window of those that overlap or touch.
import type { TimeWindow } from '../../../bytes/time-window.ts';
import type { MergeWindows } from '../window-assigner.ts';

export function mergeTimeWindows(windows: readonly TimeWindow[], merge: MergeWindows<TimeWindow>): void {
  // Mostly there is one session, which the new one touches or not.
  if (windows.length <= 2) {
    mergeTwo(windows[0] as TimeWindow, windows[1], merge);
    return;
  }
  const sorted = windows.toSorted((first, second) => first.start - second.start);
  let merged: TimeWindow[] = [];
  let cover: TimeWindow | undefined;
  for (const window of sorted) {
    if (cover !== undefined && window.start <= cover.end) {
      merged.push(window);
      cover = window.end > cover.end ? { start: cover.start, end: window.end } : cover;
      continue;
    }
    report(merged, cover, merge);
    merged = [window];
    cover = window;
  }
  report(merged, cover, merge);
}

function mergeTwo(one: TimeWindow, other: TimeWindow | undefined, merge: MergeWindows<TimeWindow>): void {
  if (other === undefined) {
    return;
  }
  const [first, second] = other.start < one.start ? [other, one] : [one, other];
  if (second.start <= first.end) {
    merge([first, second], second.end > first.end ? { start: first.start, end: second.end } : first);
  }
}

function report(merged: readonly TimeWindow[], cover: TimeWindow | undefined, merge: MergeWindows<TimeWindow>): void {
  if (cover !== undefined && merged.length > 1) {
    merge(merged, cover);
  }
}
