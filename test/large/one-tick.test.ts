import { expect, it } from 'vitest';
import { ListStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { withBackend } from '../support/with-backend.ts';

const ELEMENT_BYTES = 900 * 2 ** 20;
const marks = [1, 2, 3];

it('elements added in one tick may come to more than 2^31 bytes', () =>
  withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const list = keyed.getListState(new ListStateDescriptor('list', Types.BYTES));
      keyed.setCurrentKey('k');
      const element = new Uint8Array(ELEMENT_BYTES);
      const added = marks.map((mark) => list.asyncAdd(element.fill(mark)));
      const reading = codeOf(() => list.asyncGet());
      await Promise.all(added);
      expect(await reading).toBe('ERR_ROCKSDB_TOO_LARGE');
      const seen: unknown[] = [];
      for (const read of list) {
        seen.push([read.length, read[0], read.at(-1)]);
      }
      expect(seen).toEqual(marks.map((mark) => [ELEMENT_BYTES, mark, mark]));
    },
  ));
