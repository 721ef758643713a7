// Has all sides compact the same rows in turns, and holds what is left against each other.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Samples } from '../harness/samples.ts';
import type { CompactionProgram, Expired, Side } from './side.ts';

const WITHOUT_FILTER: Expired = 'off';
const WITH_FILTER: readonly Expired[] = ['none', 'half', 'all'];
const VARIANTS = [WITHOUT_FILTER, ...WITH_FILTER];
const ENTRIES_PER_UNIT = 1e6;

export interface Comparison {
  readonly kinds: readonly string[];
  readonly entries: number;
  readonly repetitions: number;
  readonly directory: string;
}

interface Runner {
  readonly name: string;
  readonly program: CompactionProgram;
}

/** Milliseconds for a million entries: without the filter, with it, and what it costs. @throws Error when what is left differs. */
export async function compareCompactions(sides: readonly Side[], comparison: Comparison): Promise<Samples> {
  const samples = new Samples();
  for (const kind of comparison.kinds) {
    const runners: Runner[] = [];
    try {
      for (const { name, start } of sides) {
        const directory = join(comparison.directory, name);
        await mkdir(directory, { recursive: true });
        runners.push({ name, program: start({ kind, entries: comparison.entries, directory }) });
      }
      await compareKind(samples, kind, { runners, ...comparison });
    } finally {
      await Promise.all(runners.map(({ program }) => program.end()));
      await rm(comparison.directory, { recursive: true, force: true });
    }
  }
  return samples;
}

interface Runs extends Comparison {
  readonly runners: readonly Runner[];
}

// The first repetition is not counted: virtual machines warm up. What is compared begins in turn.
async function compareKind(samples: Samples, kind: string, runs: Runs): Promise<void> {
  for (let repetition = 0; repetition <= runs.repetitions; repetition++) {
    const taken = new Map<Expired, ReadonlyMap<string, number>>();
    for (let turn = 0; turn < VARIANTS.length; turn++) {
      const expired = VARIANTS[(turn + repetition) % VARIANTS.length] as Expired;
      taken.set(expired, await compactAll(expired, runs, repetition + turn));
    }
    if (repetition > 0) {
      addSamples(samples, taken, { kind, perUnit: ENTRIES_PER_UNIT / runs.entries });
    }
  }
}

function addSamples(
  samples: Samples,
  taken: ReadonlyMap<Expired, ReadonlyMap<string, number>>,
  { kind, perUnit }: { readonly kind: string; readonly perUnit: number },
): void {
  for (const expired of WITH_FILTER) {
    for (const [side, ms] of taken.get(expired) ?? []) {
      const withMs = ms * perUnit;
      const withoutMs = (taken.get(WITHOUT_FILTER)?.get(side) as number) * perUnit;
      samples.add(`${kind}, ${expired} expired`, side, { withoutMs, withMs, costMs: withMs - withoutMs });
    }
  }
}

/** Milliseconds of each side. */
async function compactAll(expired: Expired, { runners }: Runs, turn: number): Promise<Map<string, number>> {
  const taken = new Map<string, number>();
  const left = new Map<string, string>();
  for (let place = 0; place < runners.length; place++) {
    // Each begins in turn, as the one that goes first may find the machine in another state.
    const { name, program } = runners[(place + turn) % runners.length] as Runner;
    await program.fill(expired);
    taken.set(name, await program.compact());
    left.set(name, await program.left());
    await program.clear();
  }
  if (new Set(left.values()).size > 1) {
    throw new Error(
      `With ${expired} expired, rows and bytes that are left differ: ${[...left].map((each) => each.join(' ')).join(', ')}`,
    );
  }
  return taken;
}
