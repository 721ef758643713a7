// How numbers, tables and results look.

import type { JobResult } from './job.ts';
import { LONGEST_PHRASE, phrasesWithin } from './ngrams.ts';

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Cells padded to the widths of their columns: a positive width aligns to the right, a negative one to the left. */
export function row(widths: readonly number[], cells: readonly string[]): string {
  return cells
    .map((cell, i) => {
      const width = widths[i] ?? 0;
      return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
    })
    .join('  ')
    .trimEnd();
}

/** Lines of equally wide columns; `left` tells which columns are text. */
export function table(rows: readonly (readonly string[])[], left: (column: number) => boolean): string[] {
  const columns = Math.max(...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, i) => {
    const width = Math.max(...rows.map((cells) => cells[i]?.length ?? 0));
    return left(i) ? -width : width;
  });
  return rows.map((cells) => row(widths, cells));
}

/** What the run came to: the most frequent phrases, then its figures. `countedFrom` is where it was restored. */
export function resultLines(result: JobResult, words: number, countedFrom: number): string[] {
  const updates = phrasesWithin(words) - phrasesWithin(countedFrom);
  const figures = [
    ['words', whole(words), countedFrom > 0 ? `counted from word ${whole(countedFrom)} on` : ''],
    [
      'updates',
      whole(updates),
      `in ${seconds(result.countingMs)}: ${whole(updates / (result.countingMs / 1000))} a second`,
    ],
    ['phrases', whole(result.phrases), `different ones; read back in ${seconds(result.readingMs)}`],
    ['state', megabytes(result.stateBytes), 'on disk'],
    ['digest', result.digest, 'of all counts in the state'],
  ];
  return ['', ...rankingLines(result), '', ...table(figures, (column) => column !== 1)];
}

// Short phrases share lines, and so do long ones: all five lengths side by side are too wide for a terminal.
function rankingLines({ rankings }: JobResult): string[] {
  return [...rankingBlock(rankings, 1, 3), '', ...rankingBlock(rankings, 4, LONGEST_PHRASE)];
}

function rankingBlock(rankings: JobResult['rankings'], shortest: number, longest: number): string[] {
  const shown = rankings.slice(shortest - 1, longest);
  const titles = shown.flatMap((_, i) => [shortest + i === 1 ? '1 word' : `${shortest + i} words`, '']);
  const depth = Math.max(...shown.map((ranking) => ranking.length));
  const ranks = Array.from({ length: depth }, (_, rank) =>
    shown.flatMap((ranking) => {
      const ranked = ranking[rank];
      return ranked === undefined ? ['', ''] : [ranked.phrase, whole(ranked.count)];
    }),
  );
  return table([titles, ...ranks], (column) => column % 2 === 0);
}
