// How far jobs are, on standard error: a line that is rewritten on a terminal, else one from time to time.
import type { JobClient } from '../job/job-client.ts';
import type { MetricPlace } from '../metrics/registered-metric.ts';

const TERMINAL_SECONDS = 1;
const OTHER_SECONDS = 10;
const NAME = 'rockstate run: ';
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

interface Reading {
  readonly records: number;
  readonly timeMs: number;
}

export class ProgressLine {
  readonly #seconds: number;
  readonly #timers = new Map<JobClient, { readonly timer: NodeJS.Timeout | undefined; last: Reading }>();

  /** @param seconds - from one line to the next; 0 for none at all. */
  constructor(seconds: number | undefined) {
    this.#seconds = seconds ?? (process.stderr.isTTY ? TERMINAL_SECONDS : OTHER_SECONDS);
  }

  watch(client: JobClient): void {
    const timer = this.#seconds > 0 ? setInterval(() => this.#show(client), this.#seconds * 1000) : undefined;
    this.#timers.set(client, { timer, last: readingOf(client) });
  }

  /** Shows the job's end. */
  ended(client: JobClient): void {
    clearInterval(this.#timers.get(client)?.timer);
    if (this.#seconds > 0) {
      this.say(lineOf(client));
    }
    this.#timers.delete(client);
  }

  /** Shows something that stays. */
  say(text: string): void {
    process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${NAME}${text}\n`);
  }

  #show(client: JobClient): void {
    const watched = this.#timers.get(client);
    if (watched === undefined) {
      return;
    }
    const reading = readingOf(client);
    const seconds = (reading.timeMs - watched.last.timeMs) / 1000;
    // A job that is started again counts from 0.
    const perSecond = Math.max(0, reading.records - watched.last.records) / seconds;
    watched.last = reading;
    this.#rewrite(lineOf(client, perSecond));
  }

  #rewrite(line: string): void {
    const { columns, isTTY } = process.stderr;
    if (isTTY) {
      // The cursor goes back, so that what the job prints begins a line.
      process.stderr.write(`\r\x1b[K${`${NAME}${line}`.slice(0, columns - 1)}\r`);
    } else {
      this.say(line);
    }
  }
}

function readingOf({ jobName, metrics }: JobClient): Reading {
  let records = 0;
  for (const registered of metrics.metrics()) {
    if (isOf(jobName, registered) && registered.kind === 'gauge') {
      records += registered.metric.value;
    }
  }
  return { records, timeMs: performance.now() };
}

function isOf(job: string, { name, variables }: MetricPlace): boolean {
  return name === 'numRecordsRead' && variables.job === job;
}

/** @param perSecond - records; none for a job that has ended. */
function lineOf(client: JobClient, perSecond?: number): string {
  const { checkpointStatistics, jobName, restarts, status } = client;
  const { counts, latestCompleted } = checkpointStatistics;
  const last =
    latestCompleted === undefined
      ? ''
      : ` (last: ${latestCompleted.durationMs} ms, ${sizeOf(latestCompleted.checkpointedSizeBytes)})`;
  return [
    `${jobName}: ${status}`,
    ...(perSecond === undefined ? [] : [`${Math.round(perSecond).toLocaleString('en')} records/s`]),
    `${counts.completed} checkpoints${last}, ${counts.failed} failed`,
    `${restarts} restarts`,
  ].join(', ');
}

function sizeOf(bytes: number): string {
  const power = bytes === 0 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
