// Rows that are written again: many of them, as long as nothing fails, and all or none.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, MigrationProgress } from '../../lib/api/backend.ts';
import { ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { CancelledError, StateMigrationError } from '../../lib/errors.ts';
import { evolvingText, POISON } from '../support/migrating-texts.ts';
import { under } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const OPTIONS = { keyType: Types.INT };
const ROWS = 200_000;
const of = (version: 1 | 2) => new ValueStateDescriptor('state', evolvingText(version));
const textOf = (key: number) => `this is the text of key ${key}`;
const create = () => new EmbeddedRocksDBStateBackend(true);

async function filled(bench: Bench, rows: number): Promise<KeyedStateBackend<number>> {
  const keyed = await bench.open(OPTIONS);
  const state = keyed.getState(of(1));
  for (let key = 0; key < rows; key++) {
    keyed.setCurrentKey(key);
    state.update(textOf(key));
  }
  return keyed;
}

function expectTexts(keyed: KeyedStateBackend<number>, version: 1 | 2, rows: number): void {
  const state = keyed.getState(of(version));
  const wrong: number[] = [];
  for (let key = 0; key < rows; key++) {
    keyed.setCurrentKey(key);
    if (state.value() !== textOf(key)) {
      wrong.push(key);
    }
  }
  expect(wrong).toEqual([]);
}

describe('a state of many rows', () => {
  it('is migrated while opening with the event loop turning, tells its progress, and goes on', () =>
    withBackend(create, async (bench) => {
      const first = await filled(bench, ROWS);
      const told: MigrationProgress[] = [];
      let turns = 0;
      const ticking = setInterval(() => turns++, 1);
      const onMigrationProgress = (progress: MigrationProgress) => told.push(progress);
      const second = await restored(bench, first, { ...OPTIONS, states: [of(2)], onMigrationProgress });
      clearInterval(ticking);
      // Each report is from a slice of its own, between which timers are due.
      expect(told.length).toBeGreaterThan(10);
      expect(turns).toBeGreaterThan(10);
      expect(told.map(({ rows }) => rows)).toEqual(told.map(({ rows }) => rows).sort((a, b) => a - b));
      expect(told.at(-1)).toMatchObject({ state: 'state', rows: ROWS });
      expect(told[0]?.estimatedRows).toBeGreaterThan(0);
      expectTexts(second, 2, ROWS);
      const third = await restored(bench, second, OPTIONS);
      expectTexts(third, 2, ROWS);
      expect(await third.numKeyValueStateEntries()).toBe(ROWS);
    }));

  it('is migrated at once when it is first asked for', () =>
    withBackend(create, async (bench) => {
      const first = await filled(bench, ROWS);
      const second = await restored(bench, first, OPTIONS);
      expectTexts(second, 2, ROWS);
      expectTexts(await restored(bench, second, OPTIONS), 2, ROWS);
    }));

  it('stays as it was when the opening is given up', () =>
    withBackend(create, async (bench) => {
      const first = await filled(bench, ROWS);
      const controller = new AbortController();
      const onMigrationProgress = () => controller.abort();
      const options = { ...OPTIONS, states: [of(2)], signal: controller.signal, onMigrationProgress };
      await expect(restored(bench, first, options)).rejects.toThrow(CancelledError);
      expectTexts(await restored(bench, first, OPTIONS), 1, ROWS);
    }));

  it.each([10, 150_000])('stays as it was, and is usable as it was, when one of %i rows does not fit', (rows) =>
    withBackend(create, async (bench) => {
      const first = await filled(bench, rows);
      under(first, 5, () => first.getState(of(1)).update(POISON));
      const second = await restored(bench, first, OPTIONS);
      const failure = `State 'state' can not be migrated to TEXT_2: under key 5: '${POISON}' can not be taken over.`;
      expect(() => second.getState(of(2))).toThrow(StateMigrationError);
      expect(() => second.getState(of(2))).toThrow(failure);
      await expect(restored(bench, first, { ...OPTIONS, states: [of(2)] })).rejects.toThrow(failure);
      const third = await restored(bench, second, OPTIONS);
      for (const keyed of [second, third]) {
        expect(under(keyed, 5, () => keyed.getState(of(1)).value())).toBe(POISON);
        under(keyed, 5, () => keyed.getState(of(1)).update(textOf(5)));
        expectTexts(keyed, 1, rows);
      }
    }),
  );

  it('is not migrated while a snapshot is being captured', () =>
    withBackend(create, async (bench) => {
      const second = await restored(bench, await filled(bench, 10), OPTIONS);
      const snapshot = second.snapshot(1000, bench.storage);
      expect(() => second.getState(of(2))).toThrow(expect.objectContaining({ code: 'ERR_SNAPSHOT_BEING_CAPTURED' }));
      await snapshot;
      expectTexts(second, 2, 10);
    }));

  it.each([false, true])('of built-in types is migrated without JavaScript; declared: %s', (isDeclared) =>
    withBackend(create, async (bench) => {
      const narrow = new ValueStateDescriptor('number', Types.INT);
      const wide = new ValueStateDescriptor('number', Types.LONG);
      const narrowMap = new MapStateDescriptor('numbers', Types.STRING, Types.NULLABLE(Types.INT));
      const wideMap = new MapStateDescriptor('numbers', Types.STRING, Types.NULLABLE(Types.LONG));
      const first = await bench.open(OPTIONS);
      for (let key = 0; key < 1000; key++) {
        under(first, key, () => first.getState(narrow).update(key - 500));
        under(first, key, () => first.getMapState(narrowMap).putAll(Object.entries({ a: key, b: null })));
      }
      const second = await restored(bench, first, { ...OPTIONS, ...(isDeclared && { states: [wide, wideMap] }) });
      const third = await restored(bench, second, OPTIONS);
      for (let key = 0; key < 1000; key++) {
        expect(under(third, key, () => third.getState(wide).value())).toBe(key - 500);
        expect(under(third, key, () => [...third.getMapState(wideMap).values()])).toEqual([key, null]);
      }
    }),
  );

  it('has lists whose parts were added one by one', () =>
    withBackend(create, async (bench) => {
      const list = (version: 1 | 2) => new ListStateDescriptor('list', evolvingText(version));
      const first = await bench.open(OPTIONS);
      first.setCurrentKey(1);
      for (let i = 0; i < 100; i++) {
        first.getListState(list(1)).add(`${i}`);
      }
      const second = await restored(bench, first, { ...OPTIONS, states: [list(2)] });
      second.setCurrentKey(1);
      second.getListState(list(2)).add('100');
      expect(second.getListState(list(2)).get()).toEqual(Array.from({ length: 101 }, (_, i) => `${i}`));
    }));
});
