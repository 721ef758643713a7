// One case in a process that is told what to do: the other end is compare.ts.
import { createInterface } from 'node:readline';
import type { CaseSettings, ItemName } from './case.ts';
import { OpenedStates, openAndClose } from './opened-states.ts';

const settings = JSON.parse(process.argv[2] ?? '') as CaseSettings;
const states = await OpenedStates.open(settings);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await perform(line))}\n`);
}

async function perform(line: string): Promise<unknown> {
  const [command, item, first, calls] = line.split(' ');
  switch (command) {
    case 'fill':
      return (await states.fill()) ?? null;
    case 'run':
      return states.run(item as ItemName, Number(first), Number(calls));
    case 'usage':
      return states.usage();
    case 'save':
      return (await states.save()) ?? null;
    case 'open-and-close':
      return openAndClose(settings);
    default:
      throw new Error(`Unknown: ${line}`);
  }
}
