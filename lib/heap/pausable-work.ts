// Long work that is done at once for synchronous callers, and in slices for asynchronous ones.
import type { TimeSlice } from './time-slice.ts';

/** It may be paused wherever it yields. */
export type PausableWork<R> = Generator<void, R, void>;

// Sorting so many takes a fraction of a slice.
const RUN_LENGTH = 512;

export function doNow<R>(work: PausableWork<R>): R {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
}

export async function doInSlices<R>(work: PausableWork<R>, slice: TimeSlice): Promise<R> {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
    if (slice.isOver) {
      await slice.next();
    }
  }
}

/** Sorts by code units: short runs first, which are then merged two by two. */
export function* sortedTexts(texts: readonly string[]): PausableWork<string[]> {
  let runs: string[][] = [];
  for (let start = 0; start < texts.length; start += RUN_LENGTH) {
    runs.push(texts.slice(start, start + RUN_LENGTH).sort());
    yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(yield* mergedRuns(runs[index] as string[], runs[index + 1] ?? []));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* mergedRuns(first: readonly string[], second: readonly string[]): PausableWork<string[]> {
  const merged: string[] = [];
  let a = 0;
  let b = 0;
  while (a < first.length || b < second.length) {
    const takesFirst = b === second.length || (a < first.length && (first[a] as string) <= (second[b] as string));
    merged.push((takesFirst ? first[a++] : second[b++]) as string);
    if (merged.length % RUN_LENGTH === 0) {
      yield;
    }
  }
  return merged;
}
