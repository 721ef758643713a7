// Keyed state in Flink's canonical format.
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import type { StoredKeyGroup } from '../rocksdb/key-group-files.ts';
import { CanonicalRowReader } from '../savepoint/canonical-row-reader.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { SnappyFrameReader } from '../savepoint/snappy-frame-reader.ts';
import type { ByteSource } from './byte-source.ts';
import type { PartHeader, PartRow, RowSelection } from './keyed-part.ts';
import { identityOf, type PartPlace, partHeaderOf, placedKeyGroups } from './part-place.ts';
import { StoredPart } from './stored-part.ts';

export class CanonicalPart extends StoredPart {
  readonly layout = 'canonical';
  readonly #place: PartPlace;
  readonly #bytes: ByteSource;

  constructor(place: PartPlace, bytes: ByteSource) {
    super(identityOf(place, bytes));
    this.#place = place;
    this.#bytes = bytes;
  }

  protected readHeader(): Promise<PartHeader> {
    return partHeaderOf(this.#bytes, this.#place);
  }

  protected async *readRows({ keyGroups, isWanted }: RowSelection): AsyncGenerator<PartRow, void> {
    const { compressed, states } = await this.header();
    const prefixBytes = keyGroupPrefixBytes(this.maxParallelism);
    for (const group of placedKeyGroups(this.#place, this.#bytes, keyGroups)) {
      const { keyGroup, begin, end } = group;
      const rows = new CanonicalRowReader({
        ...{ keyGroup, maxParallelism: this.maxParallelism, stateCount: states.length },
        ...{ source: this.source, offset: begin },
        ...(compressed ? {} : { maxBytes: end - begin }),
      });
      for await (const piece of compressed ? uncompressed(this.#bytes, group) : this.#bytes.pieces(begin, end)) {
        rows.push(piece);
        for (let row = rows.next(); row !== undefined; row = rows.next()) {
          const { stateId, key, value } = row;
          if (isWanted(stateId)) {
            yield { stateId, keyGroup, key: key.subarray(prefixBytes), value };
          }
        }
        if (rows.ended) {
          break;
        }
      }
      rows.finish();
    }
  }
}

async function* uncompressed(bytes: ByteSource, { begin, end }: StoredKeyGroup): AsyncGenerator<Uint8Array, void> {
  const frames = new SnappyFrameReader(nativeSnappy, { source: bytes.name, offset: begin });
  for await (const piece of bytes.pieces(begin, end)) {
    frames.push(piece);
    for (let block = frames.next(); block !== undefined; block = frames.next()) {
      yield block;
    }
  }
  frames.finish();
}
