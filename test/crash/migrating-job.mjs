// Opens the newest checkpoint with a newer type of its state, which is migrated, and takes a checkpoint.
// Usage: migrating-job.mjs CHECKPOINT_DIRECTORY LOCAL_DIRECTORY declared|asked VERSION
// Prints "opening", "migrated" and "done"; it is killed somewhere in between, or ends. With `check` instead, it prints the version
// of the newest checkpoint and how many of its rows are right.
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  SerializationError,
  Types,
  ValueStateDescriptor,
} from '../../dist/index.js';

const KEYS = 50_000;

// Numbers behind a byte that says the version; a version reads those before it.
function versioned(version) {
  const { serializer } = Types.LONG;
  const read = (input, wanted) => {
    const found = input.readByte();
    if (found !== wanted) {
      throw new SerializationError(`It is of version ${found}, not ${wanted}.`);
    }
    return serializer.deserialize(input);
  };
  return {
    name: `VERSION_${version}`,
    serializer: {
      id: `test.Versioned[${version}]`,
      length: 9,
      resolve(stored) {
        const found = Number(/^test\.Versioned\[(\d+)\]$/.exec(stored.id)?.[1]);
        return found < version
          ? { kind: 'after-migration', reader: { deserialize: (input) => read(input, found) } }
          : { kind: 'incompatible', reason: `it is of version ${found}` };
      },
      serialize(value, output) {
        output.writeByte(version);
        serializer.serialize(value, output);
      },
      deserialize: (input) => read(input, version),
    },
  };
}

const descriptorOf = (version) => new ValueStateDescriptor('state', versioned(version));

const [checkpoints, localDir, way, versionText] = process.argv.slice(2);
const storage = new FileSystemCheckpointStorage(checkpoints);
const newest = await storage.latest();
const open = (options) =>
  new EmbeddedRocksDBStateBackend(true).createKeyedStateBackend({
    ...{ keyType: Types.LONG, localDir, ...options },
    ...(newest && { restore: { storage, handle: newest } }),
  });

async function check() {
  const version = Number(/\[(\d+)\]/.exec(newest.states[0].valueFormat)[1]);
  const keyed = await open({});
  const state = keyed.getState(descriptorOf(version));
  let right = 0;
  for (let key = 0; key < KEYS; key++) {
    keyed.setCurrentKey(key);
    right += state.value() === key * 3 ? 1 : 0;
  }
  console.log(`version ${version}, ${right} of ${await keyed.numKeyValueStateEntries()}`);
  await keyed.close();
}

async function migrate() {
  const descriptor = descriptorOf(Number(versionText));
  console.log('opening');
  const keyed = await open(way === 'declared' ? { states: [descriptor] } : {});
  const state = keyed.getState(descriptor);
  console.log('migrated');
  for (let key = 0; newest === undefined && key < KEYS; key++) {
    keyed.setCurrentKey(key);
    state.update(key * 3);
  }
  await keyed.snapshot((newest?.checkpointId ?? 0) + 1, storage).completed;
  console.log('done');
  await keyed.close();
}

await (way === 'check' ? check() : migrate());
