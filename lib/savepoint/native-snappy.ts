// The Snappy that RocksDB brings along.
import { addon } from '../binding/load.ts';
import { MAX_BLOCK_BYTES, type SnappyCodec } from './snappy-format.ts';

export const nativeSnappy: SnappyCodec = {
  compress: (block) => addon.snappyCompress(block),
  uncompress: (block) => addon.snappyUncompress(block, MAX_BLOCK_BYTES),
};
