// Phrases: every run of one to five words.

export const LONGEST_PHRASE = 5;

/** Calls `visit` with each phrase whose last word is at `index`, the shortest first. */
export function visitPhrasesEndingAt(
  words: readonly string[],
  index: number,
  visit: (phrase: string, length: number) => void,
): void {
  let phrase = words[index] as string;
  visit(phrase, 1);
  for (let length = 2; length <= LONGEST_PHRASE && length <= index + 1; length++) {
    phrase = `${words[index - length + 1]} ${phrase}`;
    visit(phrase, length);
  }
}

/** How many phrases, repeated ones included, end within the first `words` words. */
export function phrasesWithin(words: number): number {
  let sum = 0;
  for (let length = 1; length <= LONGEST_PHRASE; length++) {
    sum += Math.max(0, words - length + 1);
  }
  return sum;
}
