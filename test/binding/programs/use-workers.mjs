// Uses databases in worker threads, and ends the threads in several ways. Arguments: a directory, a scenario.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const [directory, scenario] = process.argv.slice(2);
const ROUNDS = 8;

// A worker thread; its one message and its end are awaited from the beginning, as they may come at any time.
function startWorker(role, name) {
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    workerData: { path: join(directory, name), role },
  });
  return {
    message: once(worker, 'message').then(([message]) => message),
    exited: once(worker, 'exit').then(([code]) => code),
    terminate: () => worker.terminate(),
  };
}

// Loaded only by the scenarios whose main thread has a database.
const load = () => import('../../../dist/rocksdb.js');

// A database of the main thread, which must not notice what happens to workers.
async function withMainDb(test) {
  const { RocksDB } = await load();
  const db = await RocksDB.open(join(directory, 'main'));
  const scan = db.scan();
  const snapshot = db.snapshot();
  db.put('main', 'untouched');
  await test(RocksDB);
  if (new TextDecoder().decode(db.get('main')) !== 'untouched' || [...scan].length !== 0) {
    throw new Error('The main thread’s database was touched.');
  }
  if (db.get('main', { snapshot }) !== undefined) {
    throw new Error('The main thread’s snapshot was touched.');
  }
  await db.flush();
  await db.close();
}

// Ends workers of a role, `end` says how, and opens what they had open, which takes its lock.
function endWorkers(role, end) {
  return withMainDb(async (RocksDB) => {
    for (let round = 0; round < ROUNDS; round++) {
      const workers = [startWorker(role, 'first'), startWorker(role, 'second')];
      await Promise.all(workers.map((worker) => worker.message));
      await setTimeout(round);
      await Promise.all(workers.map(end));
      for (const name of ['first', 'second']) {
        const db = await RocksDB.open(join(directory, name));
        db.put('reopened', String(round));
        await db.close();
      }
    }
  });
}

const terminate = (worker) => worker.terminate();

async function exited(worker) {
  const code = await worker.exited;
  if (code !== 0) {
    throw new Error(`A worker ended with ${code}.`);
  }
}

const isMapped = () => readFileSync('/proc/self/maps', 'utf8').includes('rockstate.node');

const scenarios = {
  'side-by-side': () =>
    withMainDb(async () => {
      const workers = Array.from({ length: 4 }, (_, i) => startWorker('write-and-check', `db-${i}`));
      const answers = await Promise.all(workers.map((worker) => worker.message));
      if (answers.some((answer) => answer !== 1000)) {
        throw new Error(`Workers found ${answers} entries.`);
      }
      await Promise.all(workers.map(exited));
    }),
  'end-without-close': () => endWorkers('leave-open', exited),
  'exit-while-working': () => endWorkers('work-and-exit', exited),
  'terminate-while-working': () => endWorkers('work', terminate),
  'terminate-while-opening': () => endWorkers('open-and-close', terminate),
  'terminate-with-scans': () => endWorkers('scan', terminate),
  async 'only-in-workers'() {
    for (let round = 0; round < 3; round++) {
      const worker = startWorker('work', 'only');
      await worker.message;
      await worker.terminate();
      if (process.platform === 'linux' && !isMapped()) {
        throw new Error('The addon was unloaded.');
      }
      await setTimeout(20);
    }
  },
  'same-path': () =>
    withMainDb(async () => {
      const worker = startWorker('open', 'main');
      console.log(await worker.message);
      await exited(worker);
    }),
};

await scenarios[scenario]();
console.log('done');
