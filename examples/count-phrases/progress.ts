// Live progress: a bar that is redrawn on a terminal, a plain line now and then elsewhere.
import type { WriteStream } from 'node:tty';
import { phrasesWithin } from './ngrams.ts';
import { whole } from './report.ts';

const BAR_WIDTH = 24;
const LABEL_WIDTH = 'counting'.length;
const REDRAW_MS = 100;
const PLAIN_LINE_MS = 2_000;
// The rate is that of the last second, at least.
const RATE_WINDOW_MS = 1_000;
const CLEAR_LINE = '\r\x1b[K';

interface Sample {
  readonly at: number;
  readonly done: number;
}

export class Progress {
  readonly #stream: WriteStream;
  readonly #total: number;
  readonly #intervalMs: number;
  #label = '';
  #samples: Sample[] = [];
  #drawnAt = 0;
  #drawn = '';

  constructor(stream: WriteStream, totalWords: number) {
    this.#stream = stream;
    this.#total = totalWords;
    this.#intervalMs = stream.isTTY ? REDRAW_MS : PLAIN_LINE_MS;
  }

  /** `words` of the book are done in the phase with this label. */
  update(label: string, words: number): void {
    const now = performance.now();
    const done = phrasesWithin(words);
    if (label !== this.#label || done < (this.#samples.at(-1)?.done ?? 0)) {
      this.#label = label;
      this.#samples = [];
      this.#drawnAt = this.#stream.isTTY ? 0 : now;
    }
    this.#samples.push({ at: now, done });
    if (now - this.#drawnAt < this.#intervalMs) {
      return;
    }
    this.#drawnAt = now;
    const text = this.#text(words);
    if (this.#stream.isTTY) {
      this.#drawn = text.slice(0, this.#stream.columns - 1);
      this.#stream.write(CLEAR_LINE + this.#drawn);
    } else {
      this.#stream.write(`${text}\n`);
    }
  }

  /** Prints a line; a bar stays below it. */
  line(text: string): void {
    this.#stream.write(this.#drawn === '' ? `${text}\n` : `${CLEAR_LINE}${text}\n${this.#drawn}`);
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#drawn !== '') {
      this.#stream.write(CLEAR_LINE);
      this.#drawn = '';
    }
  }

  #text(words: number): string {
    const share = words / this.#total;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = this.#stream.isTTY ? `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ` : '';
    const percent = `${Math.floor(share * 100)}`.padStart(3);
    const total = whole(this.#total);
    return `${this.#label.padEnd(LABEL_WIDTH)}  ${bar}${percent} %  ${whole(words).padStart(total.length)} of ${total} words  ${this.#rate()} phrases/s`;
  }

  #rate(): string {
    const newest = this.#samples.at(-1) as Sample;
    while ((this.#samples[1]?.at ?? newest.at) < newest.at - RATE_WINDOW_MS) {
      this.#samples.shift();
    }
    const oldest = this.#samples[0] as Sample;
    const elapsedMs = newest.at - oldest.at;
    return whole(elapsedMs === 0 ? 0 : ((newest.done - oldest.done) / elapsedMs) * 1000).padStart(9);
  }
}
