// States that are dropped, and states that nobody asks for.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateAccessError } from '../../lib/errors.ts';
import { StateReader } from '../../lib/inspect/state-reader.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { evolvingText } from '../support/migrating-texts.ts';
import { under, underEach } from '../support/per-key.ts';
import { Job } from '../support/rescaling.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const OPTIONS = { keyType: Types.STRING, maxParallelism: 10 };
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const DROPPED = new ValueStateDescriptor('dropped', Types.LONG);
const KEPT = new MapStateDescriptor('kept', Types.STRING, Types.LONG);

describe.each(Object.entries(BACKENDS))('a dropped state on %s', (_name, create) => {
  it('is gone with its rows, now and in later checkpoints, and its object fails', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(OPTIONS);
      const state = keyed.getState(DROPPED);
      under(keyed, 'k', () => state.update(1));
      under(keyed, 'k', () => keyed.getMapState(KEPT).put('x', 1));
      await keyed.dropState('dropped');
      expect(() => state.value()).toThrow(StateAccessError);
      expect(() => state.update(2)).toThrow("State 'dropped' was dropped.");
      await expect(state.asyncValue()).rejects.toThrow(StateAccessError);
      expect([...keyed.getKeys('dropped')]).toEqual([]);
      expect(await keyed.numKeyValueStateEntries()).toBe(1);

      const again = await restored(bench, keyed, OPTIONS);
      expect(await again.numKeyValueStateEntries()).toBe(1);
      await expect(again.dropState('dropped')).rejects.toThrow(
        "There is no state 'dropped' to drop; known are 'kept'.",
      );
      const anew = new MapStateDescriptor('dropped', Types.STRING, Types.STRING);
      expect(under(again, 'k', () => again.getMapState(anew).isEmpty())).toBe(true);
    }));

  it('need not have been asked for', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(OPTIONS);
      under(keyed, 'k', () => keyed.getState(DROPPED).update(1));
      under(keyed, 'k', () => keyed.getMapState(KEPT).put('x', 1));
      const second = await restored(bench, keyed, OPTIONS);
      await second.dropState('dropped');
      const third = await restored(bench, second, OPTIONS);
      expect(under(third, 'k', () => third.getState(DROPPED).value())).toBeUndefined();
      expect(under(third, 'k', () => third.getMapState(KEPT).get('x'))).toBe(1);
    }));

  it('is not dropped while a snapshot is being captured, nor are timers that are in use', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(OPTIONS);
      keyed.getState(DROPPED);
      const snapshot = keyed.snapshot(1, bench.storage);
      await expect(keyed.dropState('dropped')).rejects.toMatchObject({ code: 'ERR_SNAPSHOT_BEING_CAPTURED' });
      await snapshot;
      const triggerable = { onEventTime() {}, onProcessingTime() {} };
      keyed.getTimerService('timers', { namespaceType: Types.VOID, triggerable });
      const inUse = keyed.dropState('_timer_state/event_timers');
      await expect(inUse).rejects.toMatchObject({ code: 'ERR_STATE_IN_USE' });
      const again = await restored(bench, keyed, OPTIONS);
      await again.dropState('_timer_state/event_timers');
    }));
});

describe.each(Object.entries(BACKENDS))('a state that nobody asks for, on %s', (_name, create) => {
  const of = (version: 1 | 2) => new ValueStateDescriptor('forgotten', evolvingText(version));

  it('survives rescaling, is listed, and can be migrated later (T057)', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(OPTIONS);
      for (const key of KEYS) {
        under(keyed, key, () => keyed.getState(of(1)).update(key));
      }
      const { completed } = keyed.snapshot(1, bench.storage);
      const from = { storage: bench.storage, checkpoint: { handles: [await completed] } };
      const job = await Job.open(bench.open, OPTIONS, { parallelism: 2, from: from as never });
      const checkpoint = await job.checkpoint(2, bench.storage);
      await using reader = await StateReader.open(join(bench.directory, 'checkpoints', 'chk-2'));
      expect((await reader.operators[0]?.keyedStates())?.map(({ name }) => name)).toEqual(['forgotten']);
      const whole = await bench.open({ ...OPTIONS, restore: { storage: bench.storage, handles: checkpoint.handles } });
      expect(underEach(whole, KEYS, () => whole.getState(of(2)).value())).toEqual(KEYS);
    }));

  it('survives a savepoint, and can be declared later with a migration', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(OPTIONS);
      under(keyed, 'k', () => keyed.getState(of(1)).update('text'));
      const second = await restored(bench, keyed, OPTIONS);
      const directory = join(bench.directory, 'savepoint');
      await second.savepoint(directory, { uid: 'texts' });
      const restore = (await Savepoint.open(directory)).operator('texts');
      const third = await bench.open({ ...OPTIONS, restore, states: [of(2)] });
      expect(under(third, 'k', () => third.getState(of(2)).value())).toBe('text');
    }));
});
