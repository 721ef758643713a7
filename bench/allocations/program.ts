// One operation on one backend in a process of its own, so that what V8 has learned of one does not show in another. It
// prints what it came to.
import { openKeyed } from '../state/open-keyed.ts';
import type { BackendName } from '../state/side.ts';
import { type Counted, count, work } from './counted.ts';
import { ITEMS } from './items.ts';
import { type Site, sitesOf } from './sites.ts';

export interface ProgramRequest {
  readonly item: string;
  readonly backend: BackendName;
  readonly directory: string;
  readonly calls: number;
  readonly repetitions: number;
}

export interface ProgramAnswer {
  readonly counted: readonly Counted[];
  readonly sites: readonly Site[];
}

const { item, backend, directory, calls, repetitions } = JSON.parse(process.argv[2] ?? '') as ProgramRequest;
const found = ITEMS[item];
if (found === undefined) {
  throw new Error(`There is no item '${item}'; there are ${Object.keys(ITEMS).join('; ')}.`);
}
const keyed = await openKeyed(found.descriptor, { backend, memory: 'unmanaged', directory });
const call = found.prepare(keyed);
let first = 0;
const counted: Counted[] = [];
for (let repetition = -2; repetition < repetitions; repetition++) {
  work(call, first, calls);
  const one = count(call, first, calls);
  counted.push(...(repetition < 0 ? [] : [one]));
  first += calls;
}
const answer: ProgramAnswer = { counted, sites: await sitesOf(call, first, calls) };
process.stdout.write(`${JSON.stringify(answer)}\n`);
await keyed.close();
