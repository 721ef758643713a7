// Has all cases do the same in turns, each in a process of its own.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineProgram } from '../harness/line-program.ts';
import { Samples } from '../harness/samples.ts';
import { type Case, caseName, ITEMS, type OpenTimes, type Usage } from './case.ts';

export interface Comparison {
  /** The first is what the others are compared with. */
  readonly cases: readonly Case[];
  readonly memory: string;
  readonly calls: number;
  readonly warmUps: number;
  readonly repetitions: number;
  readonly directory: string;
}

export interface Grown {
  /** Rows are items, and sides are cases. */
  readonly access: Samples;
  /** Rows are what is opened or closed, and sides are cases. */
  readonly opening: Samples;
  /** By name of case: when it is empty, and at the end. */
  readonly usage: Record<string, { readonly empty: Usage; readonly full: Usage }>;
}

interface Runner {
  readonly name: string;
  readonly program: LineProgram;
  readonly directory: string;
}

const PROGRAM = fileURLToPath(new URL('program.js', import.meta.url));

export async function compareCases(comparison: Comparison): Promise<Grown> {
  const runners: Runner[] = [];
  try {
    const grown: Grown = { access: new Samples(), opening: new Samples(), usage: {} };
    const empty = new Map<Runner, Usage>();
    for (const each of comparison.cases) {
      const runner = await start(each, comparison);
      runners.push(runner);
      empty.set(runner, await ask(runner, 'usage'));
      await ask(runner, 'fill');
    }
    await measureAccess(runners, comparison, grown.access);
    for (const runner of runners) {
      grown.usage[runner.name] = { empty: empty.get(runner) as Usage, full: await ask(runner, 'usage') };
      await ask(runner, 'save');
    }
    await measureOpening(runners, comparison, grown.opening);
    return grown;
  } finally {
    for (const { program, directory } of runners) {
      await program.end();
      await rm(directory, { recursive: true, force: true });
    }
  }
}

async function measureAccess(runners: readonly Runner[], comparison: Comparison, samples: Samples): Promise<void> {
  const { calls, warmUps, repetitions } = comparison;
  let first = 0;
  for (const item of ITEMS) {
    for (let turn = 0; turn < warmUps + repetitions; turn++) {
      for (const runner of inTurn(runners, turn)) {
        const ms = await ask<number>(runner, `run ${item} ${first} ${calls}`);
        if (turn >= warmUps) {
          samples.add(item, runner.name, { operationsPerMs: calls / ms });
        }
      }
      first += calls;
    }
  }
}

async function measureOpening(runners: readonly Runner[], comparison: Comparison, samples: Samples): Promise<void> {
  for (let turn = 0; turn < 1 + comparison.repetitions; turn++) {
    for (const runner of inTurn(runners, turn)) {
      const times = await ask<OpenTimes>(runner, 'open-and-close');
      for (const [what, ms] of turn === 0 ? [] : Object.entries(times)) {
        samples.add(what, runner.name, { ms });
      }
    }
  }
}

/** Each begins in turn, as the one that goes first may find the machine in another state. */
function inTurn(runners: readonly Runner[], turn: number): Runner[] {
  const begin = turn % runners.length;
  return [...runners.slice(begin), ...runners.slice(0, begin)];
}

async function start(each: Case, { memory, directory }: Comparison): Promise<Runner> {
  const name = caseName(each);
  const own = join(directory, `${each.keys}-${each.states}`);
  await mkdir(own);
  const settings = JSON.stringify({ ...each, memory, directory: own });
  return { name, program: new LineProgram(process.execPath, ['--expose-gc', PROGRAM, settings]), directory: own };
}

async function ask<T>({ program }: Runner, line: string): Promise<T> {
  return JSON.parse(await program.ask(line));
}
