import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { DataInput } from '../../lib/bytes/data-input.ts';
import { skipOf } from '../../lib/bytes/skip-value.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { storedLayoutOf } from '../../lib/bytes/stored-layout.ts';
import { Types } from '../../lib/bytes/types.ts';
import { layoutOf } from '../../lib/bytes/value-layout.ts';
import { SavepointTypes } from '../../lib/savepoint/savepoint-types.ts';
import { write } from '../support/bytes.ts';
import { samples } from '../support/evolving-types.ts';
import { walkedBytes } from '../support/layouts.ts';

describe('the layout of a type', () => {
  it('ends where the value ends, whatever the type is made of', () => {
    const pairs = samples.chain(({ type, values }) => values.map((value) => [type, value] as const));
    fc.assert(
      fc.property(pairs, ([type, value]) => {
        const bytes = write(type, value);
        expect(walkedBytes(type.serializer.layout as string, bytes)).toBe(bytes.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('is that which its snapshot tells, and skips as many bytes', () => {
    const pairs = samples.chain(({ type, values }) => values.map((value) => [type, value] as const));
    fc.assert(
      fc.property(pairs, ([type, value]) => {
        const layout = storedLayoutOf(snapshotOf(type.serializer)) as string;
        expect(layout).toBe(type.serializer.layout);
        const input = new DataInput(Buffer.concat([write(type, value), Buffer.of(7)]));
        skipOf(layout)(input);
        expect(input.remaining).toBe(1);
      }),
    );
  });

  it('is kept by the types of savepoints', () => {
    fc.assert(
      fc.property(samples, ({ type }) => {
        const restored = new SavepointTypes().typeOf(snapshotOf(type.serializer));
        expect(restored.serializer.layout).toBe(type.serializer.layout);
      }),
    );
  });

  it('of a serializer of a program is its length, or not known', () => {
    const fixed: TypeInformation<number> = { name: 'X', serializer: { ...Types.INT.serializer, id: 'x' } };
    const { layout: _, ...plain } = fixed.serializer;
    expect(layoutOf(plain)).toBe('F4.');
    expect(layoutOf({ length: -1 })).toBeUndefined();
    const unknown: TypeInformation<string> = { name: 'Y', serializer: { ...Types.STRING.serializer, id: 'y' } };
    const { layout: __, ...unwalkable } = unknown.serializer;
    expect(Types.LIST({ name: 'Y', serializer: unwalkable }).serializer.layout).toBeUndefined();
    const rest = { name: 'Z', serializer: { ...unwalkable, layout: '*' } };
    expect(Types.TUPLE(rest, rest).serializer.layout).toBeUndefined();
  });

  it('has no value that ends too early', () => {
    for (const text of ['Q', 'F4.F', 'T2.S']) {
      expect(() => skipOf(text)).toThrow(/layout/);
    }
    expect(() => skipOf('T2.F4.S')(new DataInput(Buffer.from('000000', 'hex')))).toThrow('4 bytes were to be read');
  });
});
