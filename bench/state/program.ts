// One item on rockstate, in a process that is told what to do: the other end is side.ts.
import { createInterface } from 'node:readline';
import type { OptionMap } from '../../lib/binding/surface.ts';
import { StateTtlConfig } from '../../lib/index.ts';
import { kindOf } from './items.ts';
import { OpenState } from './open-state.ts';
import { type BackendName, WITH_TTL } from './side.ts';

/** Nothing expires while this runs. */
const TTL = '10 d';

const [item = '', backend = '', keys = '', memory = '', directory = '', ...more] = process.argv.slice(2);
const request = { item, backend: backend as BackendName, keys: Number(keys), memory, directory };
if (more.includes(WITH_TTL)) {
  kindOf(item).descriptor.enableTimeToLive(StateTtlConfig.newBuilder(TTL).build());
}
const options = more.filter((word) => word.includes('=')).map((word) => word.split('='));
const state = await OpenState.open(request, Object.fromEntries(options));
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await perform(line).catch((error: Error) => `error ${error.stack?.replaceAll('\n', ' ')}`);
  process.stdout.write(`${answer}\n`);
}
await state.close();

async function perform(line: string): Promise<string> {
  const [command, ...words] = line.split(' ');
  const [first = 0, calls = 0] = words.map(Number);
  switch (command) {
    case 'begin':
      await state.begin();
      return 'done';
    case 'run': {
      const { ms, checksum } = await state.run(first, calls);
      return `${ms} ${checksum}`;
    }
    case 'finish':
      await state.end();
      return 'done';
    case 'digest':
      return String(state.digest());
    case 'options':
      return JSON.stringify(floorOptions());
    default:
      throw new Error(`Unknown: ${line}`);
  }
}

function floorOptions(): string[] {
  const opened = state.database?.request;
  const [family] = opened?.columnFamilies ?? [];
  if (opened === undefined || family === undefined || opened.memory !== undefined) {
    throw new Error('Only a RocksDB without shared memory has options for the floor.');
  }
  const words = (kind: string, options: OptionMap) =>
    Object.entries(options).map(([name, value]) => `${kind}:${name}=${value}`);
  return [
    ...words('db', opened.dbOptions),
    ...words('family', family.options),
    ...words('table', family.tableOptions),
    ...words('read', opened.readOptions),
    ...words('write', opened.writeOptions),
  ];
}
