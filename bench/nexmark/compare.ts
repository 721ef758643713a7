// Runs queries on all sides in turns, and holds their results against each other.
import { Samples } from '../harness/samples.ts';
import type { BackendName, Ran, RunRequest, Side } from './side.ts';

export interface Comparison extends Omit<RunRequest, 'query' | 'backend'> {
  readonly queries: readonly string[];
  readonly backends: readonly BackendName[];
  /** Runs that are not counted, as both sides compile code while it runs. */
  readonly warmUps: number;
  readonly repetitions: number;
}

/** @throws Error when the sides do not have the same events. */
export async function compareEvents(sides: readonly Side[], events: number): Promise<void> {
  const checksums = await Promise.all(sides.map((side) => side.checksumOfEvents(events)));
  if (new Set(checksums).size > 1) {
    throw new Error(`The events differ; checksums of the first ${events}: ${checksums.join(', ')}`);
  }
}

/** @throws Error when the sides have different results. */
export async function compareRuns(sides: readonly Side[], comparison: Comparison): Promise<Samples> {
  const { queries, backends, repetitions, warmUps, ...rest } = comparison;
  const samples = new Samples();
  for (const query of queries) {
    for (const backend of backends) {
      const request: RunRequest = { query, backend, ...rest };
      const all: Ran[] = [];
      for (let repetition = -warmUps; repetition < repetitions; repetition++) {
        // Each begins in turn, as the one that goes first may find the machine in another state.
        const order = sides.map((_, place) => sides[(place + repetition + warmUps) % sides.length] as Side);
        for (const side of order) {
          globalThis.gc?.();
          const ran = await side.run(request);
          all.push(ran);
          checkAgreement(request, all);
          if (repetition >= 0) {
            samples.add(`${query}, ${backend}`, side.name, { ...ran, eventsPerSecond: request.events / ran.seconds });
          }
        }
      }
    }
  }
  return samples;
}

function checkAgreement({ query, backend }: RunRequest, ran: readonly Ran[]): void {
  const results = new Set(ran.map(({ count, checksum }) => `${count} with checksum ${checksum}`));
  if (results.size > 1) {
    throw new Error(`Results of ${query} on ${backend} differ: ${[...results].join('; ')}`);
  }
}
