// Clocks that are none, and values of expiring state that can not be written.
import { describe, expect, it } from 'vitest';
import {
  AggregatingStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { TtlTimeProvider } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { ExpiringBackend } from '../support/expiring-backend.ts';
import { shown, shownAlone, ttlOf } from '../support/expiring-states.ts';
import { mutableSum, sum } from '../support/functions.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const FAILURE = expect.objectContaining({ code: 'ERR_SERIALIZATION' });

describe.each(Object.entries(BACKENDS))('state that expires on %s', (_name, create) => {
  it.each([[null], [7], [{}], [{ currentTimestamp: 7 }], [Date.now]])('can not do with %o for a clock', (clock) =>
    withBackend(create, async (bench) => {
      const opening = bench.open({ keyType: Types.STRING, ttlTimeProvider: clock as unknown as TtlTimeProvider });
      await expect(opening).rejects.toThrow(
        expect.objectContaining({
          name: 'TypeError',
          code: 'ERR_INVALID_TTL_TIME_PROVIDER',
          message: expect.stringMatching(
            /^ttlTimeProvider must be an object with a method currentTimestamp; received /,
          ),
        }),
      );
    }),
  );

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['12:00'], [undefined], [5n]])(
    'is as it was when the clock says %s',
    (answer) =>
      withBackend(create, async (bench) => {
        const backend = await ExpiringBackend.open(bench);
        const settings = ttlOf((builder) => builder.updateTtlOnReadAndWrite());
        const states = backend.states(settings);
        await states.write(1);
        backend.clock.nowMs = answer as number;
        const failure = expect.objectContaining({
          code: 'ERR_INVALID_TTL_TIME_PROVIDER',
          message: expect.stringMatching(
            /^currentTimestamp of ttlTimeProvider must answer milliseconds since 1970; it/,
          ),
        });
        const outcomes = await Promise.allSettled(states.attempts(2));
        expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason: failure })));
        backend.clock.nowMs = 99;
        expect(await states.read()).toEqual(shownAlone(1));
        backend.clock.nowMs = 199;
        expect(await states.read()).toEqual(shown());
      }),
  );

  it('takes whole milliseconds from a clock that is finer', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      backend.clock.nowMs = 0.9;
      await backend.states(ttlOf()).write(1);
      await backend.restart();
      backend.clock.nowMs = 99.999;
      expect(await backend.states(ttlOf()).read()).toEqual(shownAlone(1));
      backend.clock.nowMs = 100.001;
      expect(await backend.states(ttlOf()).read()).toEqual(shown());
    }));

  it('takes times before 1970', () =>
    withBackend(create, async (bench) => {
      const backend = await ExpiringBackend.open(bench);
      backend.clock.nowMs = -50;
      await backend.states(ttlOf()).write(1);
      await backend.restart();
      backend.clock.nowMs = 49;
      expect(await backend.states(ttlOf()).read()).toEqual(shownAlone(1));
      backend.clock.nowMs = 50;
      expect(await backend.states(ttlOf()).read()).toEqual(shown());
    }));

  it('keeps the old value and its time where a new one can not be written', () =>
    withBackend(create, async (bench) => {
      const { clock, keyed } = await ExpiringBackend.open(bench);
      const value = keyed.getState(new ValueStateDescriptor('value', Types.LONG).enableTimeToLive(ttlOf()));
      const reducing = keyed.getReducingState(
        new ReducingStateDescriptor('reducing', sum, Types.LONG).enableTimeToLive(ttlOf()),
      );
      const aggregating = keyed.getAggregatingState(
        new AggregatingStateDescriptor(
          'aggregating',
          { ...mutableSum, add: (each) => each as never },
          Types.LONG as never,
        ).enableTimeToLive(ttlOf()),
      );
      value.update(1);
      reducing.add(1);
      clock.nowMs = 60;
      expect(() => value.update(0.5)).toThrow(FAILURE);
      await expect(value.asyncUpdate(0.5)).rejects.toThrow(FAILURE);
      expect(() => reducing.add(0.5)).toThrow(FAILURE);
      await expect(reducing.asyncAdd(0.5)).rejects.toThrow(FAILURE);
      expect(() => aggregating.add(0.5)).toThrow(FAILURE);
      await expect(aggregating.asyncAdd(0.5)).rejects.toThrow(FAILURE);
      expect([value.value(), reducing.get(), aggregating.get()]).toEqual([1, 1, undefined]);
      clock.nowMs = 100;
      expect([value.value(), reducing.get()]).toEqual([undefined, undefined]);
    }));

  it('tells what could not be written, and not how it is stored', () =>
    withBackend(create, async (bench) => {
      const { keyed } = await ExpiringBackend.open(bench);
      const value = keyed.getState(new ValueStateDescriptor('count', Types.LONG).enableTimeToLive(ttlOf()));
      expect(() => value.update(0.5)).toThrow(/count.*0\.5/s);
      expect(() => value.update(0.5)).not.toThrow(/lastAccess|TtlValue/);
    }));

  it('answers its default value once the value has expired', () =>
    withBackend(create, async (bench) => {
      const { clock, keyed } = await ExpiringBackend.open(bench);
      const value = keyed.getState(new ValueStateDescriptor('count', Types.LONG, 42).enableTimeToLive(ttlOf()));
      value.update(1);
      clock.nowMs = 99;
      expect([value.value(), await value.asyncValue()]).toEqual([1, 1]);
      clock.nowMs = 100;
      expect([value.value(), await value.asyncValue()]).toEqual([42, 42]);
    }));
});
