// The items of Flink's ListStateBenchmark. What it calls listAdd replaces the list of a new key.
import { type ListState, ListStateDescriptor, Types } from '../../lib/index.ts';
import type { Kind } from './kind.ts';
import { bitsOfLong } from './work.ts';

const DESCRIPTOR = new ListStateDescriptor('listState', Types.LONG);

export const LIST: Kind<ListState<number>> = {
  descriptor: DESCRIPTOR,
  open: (keyed) => keyed.getListState(DESCRIPTOR),
  perEntry: [],
  isRenewed: true,
  store: ({ state, work }, key) => state.add(work.storedLong(key)),
  digest: (state) => sumOf(state.get()),
  items: {
    listUpdate: ({ keyed, state, work }, index) => {
      const value = work.value(index);
      keyed.setCurrentKey(work.setUpKey(index));
      state.update([value]);
      return bitsOfLong(value);
    },
    listAdd: ({ keyed, state, work }, index) => {
      const value = work.value(index);
      keyed.setCurrentKey(work.newKey(index));
      state.update([value]);
      return bitsOfLong(value);
    },
    listAppend: ({ keyed, state, work }, index) => {
      const value = work.value(index);
      keyed.setCurrentKey(work.setUpKey(index));
      state.add(value);
      return bitsOfLong(value);
    },
    listGet: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return state.get().length;
    },
    listGetAndIterate: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      return sumOf(state.get());
    },
    listAddAll: ({ keyed, state, work }, index) => {
      keyed.setCurrentKey(work.setUpKey(index));
      state.addAll(work.list);
      return 1;
    },
  },
};

function sumOf(elements: Iterable<number>): number {
  let sum = 0;
  for (const element of elements) {
    sum = (sum + bitsOfLong(element)) | 0;
  }
  return sum;
}
