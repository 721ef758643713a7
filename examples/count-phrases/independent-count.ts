// The same counts without state, checkpoints or the job's code: a plain Map, to compare with.
import { setImmediate } from 'node:timers/promises';
import { CountsDigest } from './digest.ts';

/** What can be compared with a job's result. */
export interface IndependentCount {
  /** Distinct phrases. */
  readonly phrases: number;
  readonly digest: string;
}

const WORDS_PER_TURN = 5_000;

export async function countIndependently(words: readonly string[], signal: AbortSignal): Promise<IndependentCount> {
  const counts = new Map<string, number>();
  for (let begin = 0; begin < words.length; begin++) {
    for (let end = begin + 1; end <= Math.min(begin + 5, words.length); end++) {
      const phrase = words.slice(begin, end).join(' ');
      counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    }
    if (begin % WORDS_PER_TURN === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  const digest = new CountsDigest();
  for (const [phrase, count] of counts) {
    digest.add(phrase, count, count);
  }
  return { phrases: counts.size, digest: digest.toString() };
}
