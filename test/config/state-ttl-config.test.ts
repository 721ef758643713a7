import { describe, expect, it } from 'vitest';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TtlSettings, TtlStateVisibility, TtlUpdateType } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateTtlConfig } from '../../lib/config/state-ttl-config.ts';

const THIRTY_DAYS_MS = 30 * 86_400_000;

function plain({ ttlMs, updateType, visibility, cleanup }: TtlSettings): TtlSettings {
  return { ttlMs, updateType, visibility, cleanup };
}

describe('a time to live', () => {
  it('begins with what Flink begins with', () => {
    expect(plain(StateTtlConfig.newBuilder(100).build())).toEqual({
      ttlMs: 100,
      updateType: 'OnCreateAndWrite',
      visibility: 'NeverReturnExpired',
      cleanup: { inFullSnapshot: false, incremental: undefined, inCompactionFilter: undefined, inBackground: true },
    });
  });

  it('has what its builder was told', () => {
    const config = StateTtlConfig.newBuilder('10 min')
      .updateTtlOnReadAndWrite()
      .returnExpiredIfNotCleanedUp()
      .cleanupFullSnapshot()
      .cleanupIncrementally(7, true)
      .cleanupInRocksdbCompactFilter(50, '1 h')
      .disableCleanupInBackground()
      .useProcessingTime()
      .build();
    expect(plain(config)).toEqual({
      ttlMs: 600_000,
      updateType: 'OnReadAndWrite',
      visibility: 'ReturnExpiredIfNotCleanedUp',
      cleanup: {
        inFullSnapshot: true,
        incremental: { size: 7, runForEveryRecord: true },
        inCompactionFilter: { queryTimeAfterNumEntries: 50, periodicCompactionMs: 3_600_000 },
        inBackground: false,
      },
    });
    const back = StateTtlConfig.newBuilder(1).updateTtlOnReadAndWrite().updateTtlOnCreateAndWrite();
    expect(back.returnExpiredIfNotCleanedUp().neverReturnExpired().build()).toEqual(
      StateTtlConfig.newBuilder(1).build(),
    );
  });

  it('looks at the clock every 1000 entries and compacts after 30 days where its compaction filter is asked for alone', () => {
    const { cleanup } = StateTtlConfig.newBuilder(1).cleanupInRocksdbCompactFilter().build();
    expect(cleanup.inCompactionFilter).toEqual({
      queryTimeAfterNumEntries: 1000,
      periodicCompactionMs: THIRTY_DAYS_MS,
    });
    const { cleanup: other } = StateTtlConfig.newBuilder(1).cleanupInRocksdbCompactFilter(5).build();
    expect(other.inCompactionFilter).toEqual({ queryTimeAfterNumEntries: 5, periodicCompactionMs: THIRTY_DAYS_MS });
  });

  it.each([
    [0, '0'],
    [-5, '-5'],
    ['0 s', '"0 s"'],
  ])('must be positive, which %s is not', (ttl, shown) => {
    expect(() => StateTtlConfig.newBuilder(ttl)).toThrow(
      expect.objectContaining({
        name: 'RangeError',
        code: 'ERR_INVALID_TTL',
        message: `TTL is expected to be positive. It must be more than 0 ms; received ${shown}.`,
      }),
    );
  });

  it.each(['a while', Number.NaN, undefined, null])('must be a duration, which %s is not', (ttl) => {
    expect(() => StateTtlConfig.newBuilder(ttl as never)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_DURATION' }),
    );
  });

  it('refuses what its clean-up can not be', () => {
    const builder = StateTtlConfig.newBuilder(1);
    const calls = [
      () => builder.cleanupIncrementally(0, false),
      () => builder.cleanupIncrementally(1.5, false),
      () => builder.cleanupInRocksdbCompactFilter(-1),
      () => builder.cleanupInRocksdbCompactFilter(1, -1),
      () => builder.setUpdateType('Sometimes' as TtlUpdateType),
      () => builder.setStateVisibility('Invisible' as TtlStateVisibility),
    ];
    for (const call of calls) {
      expect(call).toThrow(expect.objectContaining({ code: 'ERR_INVALID_TTL' }));
    }
  });
});

describe('a descriptor', () => {
  const ttl = StateTtlConfig.newBuilder(100).build();
  const LONG_ID = Types.LONG.serializer.id;
  const TTL = 'org.apache.flink.runtime.state.ttl.TtlStateFactory';

  it('names the bytes of values that expire as Flink does', () => {
    const base = 'org.apache.flink.api.common.typeutils.base';
    const stamped = `${TTL}[${LONG_ID},${LONG_ID}]`;
    expect(new ValueStateDescriptor('v', Types.LONG).enableTimeToLive(ttl).valueFormat).toBe(stamped);
    expect(new ListStateDescriptor('l', Types.LONG).enableTimeToLive(ttl).valueFormat).toBe(
      `${base}.ListSerializer[${stamped}]`,
    );
    expect(new MapStateDescriptor('m', Types.LONG, Types.LONG).enableTimeToLive(ttl).valueFormat).toBe(
      `${base}.MapSerializer[${LONG_ID}, ${stamped}]`,
    );
  });

  it('has no time to live when that is disabled', () => {
    const descriptor = new ValueStateDescriptor('v', Types.LONG);
    expect(descriptor.ttl).toBeUndefined();
    expect(descriptor.enableTimeToLive(ttl).ttl).toBe(ttl);
    expect(descriptor.enableTimeToLive(StateTtlConfig.DISABLED).ttl).toBeUndefined();
    expect(StateTtlConfig.DISABLED.isEnabled).toBe(false);
    expect(descriptor.valueFormat).toBe(LONG_ID);
  });

  it('refuses a time to live that is none', () => {
    const descriptor = new ValueStateDescriptor('v', Types.LONG);
    const { cleanup } = ttl;
    const none = [
      100,
      null,
      undefined,
      {},
      { ttlMs: 100 },
      ...[0, -1, Number.NaN, '5'].map((ttlMs) => ({ ttlMs, cleanup })),
    ];
    for (const settings of none) {
      expect(() => descriptor.enableTimeToLive(settings as never)).toThrow(
        expect.objectContaining({ code: 'ERR_INVALID_TTL', message: expect.stringContaining("state 'v'") }),
      );
    }
    expect(descriptor.ttl).toBeUndefined();
  });
});
