import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataOutput } from '../../lib/bytes/data-output.ts';
import { MAX_BYTES } from '../../lib/bytes/limits.ts';
import { LIST_DELIMITER, writeElements } from '../../lib/bytes/list-elements.ts';
import { writeRun } from '../../lib/bytes/number-runs.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';

const NUMBERS = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 53,
    -(2 ** 53),
    0.5,
    Number.NaN,
    Infinity,
  ),
);
const NO_NUMBERS = fc.constantFrom<unknown>(undefined, null, '1', true, 1n, {}, [1], Symbol.iterator, new Date(1));
const KINDS = [Types.LONG, Types.INT, Types.DOUBLE];

describe.each(KINDS.map((type) => ({ name: type.name, serializer: type.serializer })))(
  'many of $name at once',
  ({ serializer }) => {
    // With the members of the interface alone there is no run.
    const { serialize, deserialize, id, length } = serializer;
    const single = { serialize, deserialize, id, length };

    function written(values: readonly number[], by: Parameters<typeof writeElements<number>>[1]): Uint8Array | string {
      const output = new DataOutput(new Uint8Array(3));
      output.writeByte(7);
      try {
        writeElements(values, by, output);
        return output.copy();
      } catch (error) {
        expect(error).toBeInstanceOf(SerializationError);
        return (error as Error).message;
      }
    }

    it('are the bytes, or the error, of one by one', () => {
      const values = fc.array(fc.oneof({ weight: 20, arbitrary: NUMBERS }, { weight: 1, arbitrary: NO_NUMBERS }));
      fc.assert(
        fc.property(values, (given) => {
          const numbers = given as number[];
          expect(written(numbers, serializer)).toEqual(written(numbers, single));
        }),
        { numRuns: 2000 },
      );
    });

    it('end before the first that is none', () => {
      const output = new DataOutput();
      expect(writeRun([1, 2, '3' as unknown as number, 4], LIST_DELIMITER, serializer, output)).toBe(2);
      expect(output.position).toBe(2 * (serializer.length as number) + 1);
    });

    it('refuse what is longer than a value may be, with nothing written', () => {
      const output = new DataOutput();
      const tooMany = { length: MAX_BYTES / (serializer.length as number) } as readonly number[];
      expect(() => writeRun(tooMany, LIST_DELIMITER, serializer, output)).toThrow(
        expect.objectContaining({ code: 'ERR_ROCKSDB_TOO_LARGE' }),
      );
      expect(output.position).toBe(0);
    });
  },
);
