// A consumer with keyed state of its own: `main.js <directory of the log> <directory of the state> [--until-end]`.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Consumer } from './consumer.ts';

const CHECKPOINT_MS = 100;

const [log, directory, option] = process.argv.slice(2);
if (log === undefined || directory === undefined || (option !== undefined && option !== '--until-end')) {
  console.error('Usage: main.js <directory of the log> <directory of the state> [--until-end]');
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => stop.abort());
}

const names = (await readdir(log)).filter((name) => name.startsWith('partition-')).sort();
const consumer = await Consumer.open({
  ...{ partitions: names.map((name) => join(log, name)), directory, checkpointMs: CHECKPOINT_MS },
  ...{ endsWithLog: option === '--until-end', signal: stop.signal },
});
try {
  const { checkpointId, clicks } = await consumer.run();
  console.log(`${clicks} clicks; checkpoint ${checkpointId} has them all.`);
} finally {
  await consumer.close();
}
