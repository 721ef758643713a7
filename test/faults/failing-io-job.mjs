// Takes a checkpoint, another one while calls on files fail, and a third one, restores the newest and says how it went.
// Usage: failing-io-job.mjs DIRECTORY FAULT [copy], where FAULT is what the control file of failing-io.c is to say.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  Types,
  ValueStateDescriptor,
} from '../../dist/index.js';

const [directory, fault, copy] = process.argv.slice(2);
const control = process.env.FAILING_IO_CONTROL;
const storage = new FileSystemCheckpointStorage(join(directory, 'checkpoints'), { linksFiles: copy === undefined });
const localDir = join(directory, 'local');
const backend = new EmbeddedRocksDBStateBackend(true);
const descriptor = new ValueStateDescriptor('text', Types.STRING);
const options = { keyType: Types.INT, localDir, states: [descriptor] };

let keyed = await backend.createKeyedStateBackend(options);

function write(value) {
  const state = keyed.getState(descriptor);
  for (let key = 0; key < 500; key++) {
    keyed.setCurrentKey(key);
    state.update(`${value} ${'x'.repeat(key)}`);
  }
}

async function attempt(id) {
  const told = (error) => ({ name: error.name, message: error.message, code: error.cause?.code });
  return keyed.snapshot(id, storage).completed.then(() => 'complete', told);
}

const said = {};
write('first');
said.first = await attempt(1);
write('second');
writeFileSync(control, fault);
said.second = await attempt(2);
rmSync(control);
said.files = readdirSync(storage.directory, { recursive: true, encoding: 'utf8' });
said.working = readdirSync(localDir).flatMap((name) => readdirSync(join(localDir, name)));
said.third = await attempt(3);
await keyed.close().catch(() => {});
said.damaged = [];
for (const id of await storage.list()) {
  said.damaged.push(...(await storage.verify(id)));
}
const handle = await storage.latest();
keyed = await backend.createKeyedStateBackend({ ...options, restore: { storage, handle } });
keyed.setCurrentKey(499);
said.restored = [handle.checkpointId, keyed.getState(descriptor).value().split(' ')[0]];
write('third');
said.fourth = await attempt(4);
said.garbage = await storage.collectGarbage();
await keyed.close();
console.log(JSON.stringify(said));
