import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../../lib/api/descriptors.ts';
import { Types } from '../../../lib/bytes/types.ts';
import { keyedReduceOperator } from '../../../lib/job/operators/keyed-reduce-operator.ts';
import { sum } from '../../support/functions.ts';
import { KeyedOperatorHarness, processElement } from '../../support/keyed-operator-harness.ts';
import { PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

describe.each(Object.entries(PLAIN_BACKENDS))('reduce on %s', (_name, create) => {
  it("puts out what each key's elements come to so far, and keeps it where Flink does", () =>
    withBackend(create, async (bench) => {
      const operator = keyedReduceOperator(sum, Types.LONG);
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1, 1);
      await processElement(harness, 'b', 2, 2);
      await processElement(harness, 'a', 4, 3);
      await harness.watermark(3);
      expect(harness.output).toEqual([[1, 1], [2, 2], [5, 3], { watermark: 3 }]);
      harness.keyed.setCurrentKey('a');
      expect(harness.keyed.getState(new ValueStateDescriptor('_op_state', Types.LONG)).value()).toBe(5);
    }));
});

it('a reduce function is no object without reduce', () => {
  expect(() => keyedReduceOperator({} as never, Types.LONG)).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_FUNCTION' }),
  );
});
