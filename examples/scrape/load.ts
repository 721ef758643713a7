// A load: visits of made-up users, counted and listed in keyed state, until it is stopped.
import { setImmediate, setTimeout } from 'node:timers/promises';
import {
  type KeyedStateBackend,
  ListStateDescriptor,
  type MetricGroup,
  type StateDescriptor,
  Types,
  ValueStateDescriptor,
} from 'rockstate';

const VISITS = new ValueStateDescriptor('visits', Types.LONG);
const PAGES = new ListStateDescriptor('pages', Types.STRING);

export const STATES: readonly StateDescriptor<unknown>[] = [VISITS, PAGES];

const USERS = 10_000;
const MOST_PAGES = 20;
// Between slices the server answers, and metrics are read.
const SLICE_MS = 5;
const PAUSE_MS = 5;

export async function visit(keyed: KeyedStateBackend<number>, group: MetricGroup, signal: AbortSignal): Promise<void> {
  const visits = keyed.getState(VISITS);
  const pages = keyed.getListState(PAGES);
  const records = group.counter('numRecords', { description: 'Visits so far.' });
  for (let slice = performance.now(); !signal.aborted; ) {
    keyed.setCurrentKey(Math.floor(Math.random() * USERS));
    const count = (visits.value() ?? 0) + 1;
    visits.update(count);
    if (count % MOST_PAGES === 0) {
      pages.clear();
    }
    pages.add(`/page/${count}`);
    records.inc();
    if (performance.now() - slice > SLICE_MS) {
      await setTimeout(PAUSE_MS);
      await setImmediate();
      slice = performance.now();
    }
  }
}
