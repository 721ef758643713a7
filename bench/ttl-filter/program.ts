// Compactions of one kind of state on rockstate, in a process that is told what to do: the other end is side.ts.
import { createInterface } from 'node:readline';
import { ExpiringRows } from './expiring-rows.ts';
import { KINDS, type Kind } from './kinds.ts';
import type { Expired } from './side.ts';

const [name = '', entries = '', directory = ''] = process.argv.slice(2);
const kind = KINDS[name] as Kind;
let rows: ExpiringRows | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await perform(line).catch((error: Error) => `error ${error.stack?.replaceAll('\n', ' ')}`);
  process.stdout.write(`${answer}\n`);
}

async function perform(line: string): Promise<string> {
  const [command, word] = line.split(' ');
  switch (command) {
    case 'fill':
      rows = await ExpiringRows.fill(kind, { expired: word as Expired, entries: Number(entries), directory });
      return 'done';
    case 'compact':
      return String(await opened().compact());
    case 'left':
      return opened().left();
    case 'clear':
      await opened().close();
      return 'done';
    default:
      throw new Error(`Unknown: ${line}`);
  }
}

function opened(): ExpiringRows {
  if (rows === undefined) {
    throw new Error('Nothing is filled.');
  }
  return rows;
}
