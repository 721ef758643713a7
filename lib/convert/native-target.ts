// Makes a checkpoint of rockstate of a canonical savepoint: a backend restores the state, and takes the checkpoint. It never
// looks into keys and values, so that their types need not be known.
import type { StateBackend } from '../api/backend.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeInformation } from '../api/type-information.ts';
import { EmbeddedRocksDBStateBackend } from '../backend/embedded-rocksdb-state-backend.ts';
import { HashMapStateBackend } from '../backend/hash-map-state-backend.ts';
import { SerializationError } from '../errors.ts';
import { keyGroupRangeOf } from '../keys/key-groups.ts';
import { Savepoint } from '../savepoint/savepoint.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import { FileSystemCheckpointStorage } from '../storage/file-system-checkpoint-storage.ts';

/** Which checkpoint is made of which savepoint. */
export interface NativeConversion {
  /** The directory of the savepoint, which has one operator. */
  readonly savepoint: string;
  /** The directory of checkpoints. */
  readonly directory: string;
  readonly backend: 'rocksdb' | 'hashmap';
  readonly key: SerializerSnapshot;
  readonly checkpointId: number;
  /** For the files of backends. */
  readonly localDir: string;
}

export async function writeNative(conversion: NativeConversion): Promise<void> {
  const { savepoint, directory, checkpointId, localDir } = conversion;
  const { operators } = await Savepoint.open(savepoint);
  const [restore] = operators as [(typeof operators)[number]];
  const { maxParallelism, parallelism } = restore;
  const writer = await new FileSystemCheckpointStorage(directory).begin(checkpointId);
  const handles = [];
  for (let index = 0; index < parallelism; index++) {
    await using keyed = await backendOf(conversion).createKeyedStateBackend({
      ...{ keyType: opaqueKeys(conversion.key), maxParallelism, localDir, restore },
      keyGroupRange: keyGroupRangeOf(index, maxParallelism, parallelism),
    });
    handles.push(await keyed.snapshot(checkpointId, writer));
  }
  await writer.complete(handles);
}

function backendOf({ backend }: NativeConversion): StateBackend {
  return backend === 'rocksdb' ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
}

// Keys that are only carried along.
function opaqueKeys(snapshot: SerializerSnapshot): TypeInformation<never> {
  const id = serializerIdOf(snapshot);
  const refuse = () => {
    throw new SerializationError(`Keys stored by ${id} are not looked into.`);
  };
  return {
    name: id,
    serializer: { id, length: -1, snapshot, serialize: refuse, deserialize: refuse },
    hashCode: refuse,
  };
}
