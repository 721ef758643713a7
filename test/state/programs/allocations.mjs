// Prints what a call leaves on the JavaScript heap. Run with --expose-gc and room for all of it in the young generation, so
// that nothing is collected while it is counted. Arguments: a directory, the name of a backend, the name of a call.
import { EmbeddedRocksDBStateBackend, HashMapStateBackend, Types, ValueStateDescriptor } from '../../../dist/index.js';

const CALLS = 100_000;
const KEYS = 1000;
const MAX_ROUNDS = 40;
// What measuring itself takes, for each call.
const NOTHING_BYTES = 2;

const [directory, backend, name] = process.argv.slice(2);
const backends = { rocksdb: () => new EmbeddedRocksDBStateBackend(), hashmap: () => new HashMapStateBackend() };
const keyed = await backends[backend]().createKeyedStateBackend({
  keyType: Types.LONG,
  localDir: directory,
  slot: {},
});
const state = keyed.getState(new ValueStateDescriptor('number', Types.LONG));
const calls = {
  update: (index) => state.update(index),
  value: () => state.value(),
  'value of a key without one': () => state.value(),
  clear: () => state.clear(),
};
for (let key = 0; key < KEYS && name === 'value'; key++) {
  keyed.setCurrentKey(key);
  state.update(key);
}

function measure(call) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < CALLS; index++) {
    keyed.setCurrentKey(index % KEYS);
    call(index);
  }
  return (process.memoryUsage().heapUsed - before) / CALLS;
}

// Code that is not compiled yet boxes numbers.
let bytes = Number.POSITIVE_INFINITY;
for (let round = 0; round < MAX_ROUNDS && bytes >= NOTHING_BYTES; round++) {
  bytes = Math.min(bytes, measure(calls[name]));
}
console.log(bytes < NOTHING_BYTES ? 'nothing' : `${bytes} bytes`);
await keyed.close();
