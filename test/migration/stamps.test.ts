// Values that gain or lose the stamp of their last use, as rows of RocksDB: state whose time to live is turned on or off.
import { describe, expect, it } from 'vitest';
import {
  ListStateDescriptor,
  MapStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { StateTtlConfig } from '../../lib/config/state-ttl-config.ts';
import { rowChangeOf } from '../../lib/migration/row-values.ts';
import { useOf } from '../../lib/migration/state-use.ts';
import { storedStateOf } from '../../lib/savepoint/described-state.ts';

const NOW = 0x0102;
const STAMP = '0000000000000102';
const OTHER_STAMP = '0000000000000f0f';
const TTL = StateTtlConfig.newBuilder(1000).build();
const VALUE = { int: new ValueStateDescriptor('s', Types.INT), long: new ValueStateDescriptor('s', Types.LONG) };

function migrationOf(from: StateDescriptor<unknown>, to: StateDescriptor<unknown>) {
  const use = useOf(storedStateOf(from, voidNamespaceSerializer), to, {
    namespaceSerializer: voidNamespaceSerializer as never,
    nowMs: NOW,
  });
  return use.migration;
}

function rewritten(from: StateDescriptor<unknown>, to: StateDescriptor<unknown>, row: string): string {
  const migration = migrationOf(from, to);
  expect(migration).toBeDefined();
  const change = rowChangeOf(to.kind, migration as NonNullable<typeof migration>);
  return Buffer.from(change(Buffer.from(row, 'hex'))).toString('hex');
}

const values = (type: typeof Types.INT) => new ValueStateDescriptor('s', type);
const lists = () => new ListStateDescriptor('s', Types.INT);
const maps = () => new MapStateDescriptor('s', Types.STRING, Types.NULLABLE(Types.INT));

describe('the time to live of stored values', () => {
  it('is turned on: they were used at the time of the migration (T081)', () => {
    expect(rewritten(values(Types.INT), values(Types.INT).enableTimeToLive(TTL), '00000007')).toBe(`${STAMP}00000007`);
    expect(rewritten(lists(), lists().enableTimeToLive(TTL), '000000072c00000008')).toBe(
      `${STAMP}000000072c${STAMP}00000008`,
    );
    const stamped = maps().enableTimeToLive(TTL);
    expect(rewritten(maps(), stamped, '000000000007')).toBe(`00${STAMP}0000000007`);
    expect(rewritten(maps(), stamped, '01')).toBe(`00${STAMP}01`);
  });

  it('is turned off: they are as they were before it was on (T082)', () => {
    const stamped = values(Types.INT).enableTimeToLive(TTL);
    expect(rewritten(stamped, values(Types.INT), `${OTHER_STAMP}00000007`)).toBe('00000007');
    expect(rewritten(maps().enableTimeToLive(TTL), maps(), `00${OTHER_STAMP}01`)).toBe('01');
  });

  it('is turned on with another type (T083), or stays while the type changes', () => {
    const { int, long } = VALUE;
    const stampedLong = new ValueStateDescriptor('s', Types.LONG).enableTimeToLive(TTL);
    const stampedInt = new ValueStateDescriptor('s', Types.INT).enableTimeToLive(TTL);
    expect(rewritten(int, stampedLong, 'fffffff9')).toBe(`${STAMP}fffffffffffffff9`);
    expect(rewritten(stampedInt, stampedLong, `${OTHER_STAMP}fffffff9`)).toBe(`${OTHER_STAMP}fffffffffffffff9`);
    expect(rewritten(stampedInt, long, `${OTHER_STAMP}fffffff9`)).toBe('fffffffffffffff9');
  });

  it('is no migration when it is only longer', () => {
    const longer = StateTtlConfig.newBuilder(5000).build();
    expect(
      migrationOf(values(Types.INT).enableTimeToLive(TTL), values(Types.INT).enableTimeToLive(longer)),
    ).toBeUndefined();
  });

  it('is changed without JavaScript, but where nulls of maps have to move', () => {
    const stamped = values(Types.INT).enableTimeToLive(TTL);
    expect(migrationOf(values(Types.INT), stamped)?.change).toBe(`P1.F4.2.C8.${STAMP}0:=F4.`);
    expect(migrationOf(stamped, values(Types.INT))?.change).toBe('P2.F8.F4.1.1:=F4.');
    expect(migrationOf(maps(), maps().enableTimeToLive(TTL))?.change).toBeUndefined();
  });
});
