// A serializer of the program's own may look at state while it works, also under another key: the row that it works for is the
// one that was meant.
import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const OTHER = new ValueStateDescriptor('other', Types.LONG);

interface Box {
  n: number;
}

/** Boxes whose serializer does something else while it reads or writes. */
class CuriousBoxes implements TypeInformation<Box> {
  readonly name = 'CURIOUS';
  /** What is done while a box is read. */
  whileReading: () => void = () => {};
  readonly serializer: TypeInformation<Box>['serializer'] = {
    id: 'curious-boxes',
    length: 8,
    serialize: ({ n }, output) => output.writeDouble(n),
    deserialize: (input) => {
      const n = input.readDouble();
      this.whileReading();
      return { n };
    },
  };
}

describe.each(Object.entries(BACKENDS))('on %s, a serializer that reads another row', (_name, create) => {
  it('leaves each row with what is its own', () =>
    withBackend(create, async (bench) => {
      const boxes = new CuriousBoxes();
      const state = new ValueStateDescriptor('box', boxes);
      const options = { keyType: Types.LONG, states: [state, OTHER] };
      const keyed = await bench.open(options);
      for (const key of [1, 2, 3]) {
        keyed.setCurrentKey(key);
        keyed.getState(state).update({ n: key });
        keyed.getState(OTHER).update(10 * key);
      }
      const again = await restored(bench, keyed, options);
      const box = again.getState(state);
      const other = again.getState(OTHER);
      const seen: (number | undefined)[] = [];
      boxes.whileReading = () => {
        boxes.whileReading = () => {};
        again.setCurrentKey(2);
        seen.push(other.value());
        again.setCurrentKey(3);
        seen.push(box.value()?.n);
        again.setCurrentKey(1);
      };
      again.setCurrentKey(1);
      expect(box.value()).toEqual({ n: 1 });
      expect(seen).toEqual([20, 3]);
      for (const key of [3, 2, 1]) {
        again.setCurrentKey(key);
        expect([box.value()?.n, other.value()]).toEqual([key, 10 * key]);
      }
    }));
});
