// What memory a process has in use over time.
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { MemoryUsage } from '../../lib/api/backend.ts';

/** Sizes in bytes. */
export interface Sample extends MemoryUsage {
  readonly seconds: number;
  readonly phase: string;
  readonly writtenBytes: number;
  /** Resident memory without mapped files; all of it where the system does not tell them apart. */
  readonly anonymousBytes: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
}

const STATUS = '/proc/self/status';
const SAMPLE_EVERY_MS = 50;

export class Samples {
  readonly all: Sample[] = [];
  phase = 'open';
  readonly #usage: () => MemoryUsage;
  readonly #start = performance.now();
  #last = 0;

  constructor(usage: () => MemoryUsage) {
    this.#usage = usage;
  }

  /** Takes a sample, if the last one was long enough ago. */
  maybeTake(writtenBytes: number): void {
    if (performance.now() - this.#last >= SAMPLE_EVERY_MS) {
      this.take(writtenBytes);
    }
  }

  /** Takes samples until something that goes on without this thread is done. */
  async during(work: Promise<unknown>, writtenBytes: number): Promise<void> {
    const timer = setInterval(() => this.take(writtenBytes), SAMPLE_EVERY_MS);
    await work.finally(() => clearInterval(timer));
  }

  take(writtenBytes: number): Sample {
    this.#last = performance.now();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const sample: Sample = {
      seconds: (this.#last - this.#start) / 1000,
      phase: this.phase,
      writtenBytes,
      ...this.#usage(),
      rssBytes: rss,
      anonymousBytes: statusBytes('RssAnon') ?? rss,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
    };
    this.all.push(sample);
    return sample;
  }

  /** The most that a size came to, in a phase or in all of them. */
  most(size: SizeName, phase?: string): number {
    const samples = phase === undefined ? this.all : this.all.filter((sample) => sample.phase === phase);
    return samples.reduce((most, sample) => Math.max(most, sample[size]), 0);
  }
}

export type SizeName = Exclude<keyof Sample, 'phase' | 'seconds'>;

/** The most that was ever resident, also between samples; `undefined` where the system does not tell. */
export function peakRssBytes(): number | undefined {
  return statusBytes('VmHWM');
}

function statusBytes(name: string): number | undefined {
  const status = existsSync(STATUS) ? readFileSync(STATUS, 'latin1') : '';
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
