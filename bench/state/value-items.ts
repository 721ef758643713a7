// The items of Flink's ValueStateBenchmark.
import { Types, type ValueState, ValueStateDescriptor } from '../../lib/index.ts';
import type { Kind } from './kind.ts';
import { bitsOfLong } from './work.ts';

const DESCRIPTOR = new ValueStateDescriptor('kvState', Types.LONG);

export const VALUE: Kind<ValueState<number>> = {
  descriptor: DESCRIPTOR,
  open: (keyed) => keyed.getState(DESCRIPTOR),
  perEntry: [],
  isRenewed: false,
  store: ({ state, work }, key) => state.update(work.storedLong(key)),
  digest: (state) => bitsOfLong(state.value() ?? 0),
  items: {
    valueUpdate: ({ keyed, state, work }, index) => {
      const value = work.value(index);
      keyed.setCurrentKey(work.setUpKey(index));
      state.update(value);
      return bitsOfLong(value);
    },
    valueAdd: ({ keyed, state, work }, index) => {
      const value = work.value(index);
      keyed.setCurrentKey(work.newKey(index));
      state.update(value);
      return bitsOfLong(value);
    },
    valueGet: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return bitsOfLong(state.value() as number);
    },
  },
};
