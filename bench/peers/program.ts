// One store in a process that is told what to do: the other end is side.ts.
import { createInterface } from 'node:readline';
import { untilQuiet } from '../harness/quiet.ts';
import { LoadedStore } from './loaded-store.ts';
import { storeNamed } from './stores.ts';

const [name = '', keys = '', valueBytes = '', directory = ''] = process.argv.slice(2);
let store: LoadedStore | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await perform(line).catch((error: Error) => `error ${error.stack?.replaceAll('\n', ' ')}`);
  process.stdout.write(`${answer}\n`);
}
await store?.close();

async function perform(line: string): Promise<string> {
  const [command, first, operations, ...item] = line.split(' ');
  switch (command) {
    case 'open':
      store = new LoadedStore(await storeNamed(name).open(directory), Number(keys), Number(valueBytes));
      return 'done';
    case 'load':
      return String(await opened().load());
    case 'run': {
      const { ms, checksum } = await opened().run(item.join(' '), Number(first), Number(operations));
      return `${ms} ${checksum}`;
    }
    case 'settle':
      await untilQuiet();
      return 'done';
    case 'memory':
      return String(process.memoryUsage().rss);
    default:
      throw new Error(`Unknown: ${line}`);
  }
}

function opened(): LoadedStore {
  if (store === undefined) {
    throw new Error('The store is not open.');
  }
  return store;
}
