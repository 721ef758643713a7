// Random programs of direct and hot calls on the rows of two column families, against plain Maps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnFamily } from '../../lib/rocksdb/column-family.ts';
import { WriteBatch } from '../../lib/rocksdb/write-batch.ts';
import { expectRows, HotDatabase, joined, scanned } from '../support/hot-database.ts';
import { withDb } from '../support/with-db.ts';

const KIB = 1024;
const RUNS = 30;
const STEPS = 400;
const KEYS = ['', 'a', 'ab', 'abc', 'abcd', 'abcde', 'k'.repeat(40), 'long'.repeat(200)].concat(
  Array.from({ length: 60 }, (_, index) => `key ${index}`),
);

interface System {
  readonly hot: HotDatabase;
  readonly families: readonly { readonly family: ColumnFamily; readonly rows: Map<string, string> }[];
}

type Step = (system: System) => void | Promise<void>;

const place = fc.record({ which: fc.nat(1), key: fc.constantFrom(...KEYS) });
const length = fc.oneof(
  { weight: 10, arbitrary: fc.nat(40) },
  { weight: 2, arbitrary: fc.nat(900) },
  { weight: 1, arbitrary: fc.nat(20_000) },
);
const text = fc.tuple(fc.constantFrom('x', 'y', 'z'), length).map(([letter, count]) => letter.repeat(count));

function at({ families }: System, which: number): System['families'][number] {
  return families[which] as System['families'][number];
}

function onRow(
  weight: number,
  work: (
    system: System,
    row: { family: ColumnFamily; rows: Map<string, string>; key: string; given: string },
  ) => unknown,
): fc.WeightedArbitrary<Step> {
  const arbitrary = fc.tuple(place, text).map(([{ which, key }, given]): Step => {
    return async (system) => {
      await work(system, { ...at(system, which), key, given });
    };
  });
  return { weight, arbitrary };
}

function onFamily(
  weight: number,
  work: (system: System, one: System['families'][number], which: number) => unknown,
): fc.WeightedArbitrary<Step> {
  const arbitrary = fc.nat(1).map(
    (which): Step =>
      async (system) => {
        await work(system, at(system, which), which);
      },
  );
  return { weight, arbitrary };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  onRow(40, ({ hot }, { family, rows, key }) => expect(hot.get(family, key)).toBe(rows.get(key))),
  onRow(40, ({ hot }, { family, rows, key, given }) => {
    hot.put(family, key, given);
    rows.set(key, given);
  }),
  onRow(30, ({ hot }, { family, rows, key, given }) => {
    hot.merge(family, key, given);
    rows.set(key, joined(rows.get(key), given));
  }),
  onRow(20, ({ hot }, { family, rows, key }) => {
    hot.remove(family, key);
    rows.delete(key);
  }),
  onRow(4, ({ hot: { db } }, { family: columnFamily, rows, key, given }) => {
    db.write(new WriteBatch().put(columnFamily, key, given).merge(columnFamily, `${key}!`, given));
    rows.set(key, given);
    rows.set(`${key}!`, joined(rows.get(`${key}!`), given));
  }),
  onRow(3, async ({ hot, hot: { db } }, { family: columnFamily, rows, key, given }) => {
    const writing = db.writeAsync(new WriteBatch().delete(columnFamily, key).merge(columnFamily, `${key}!`, given));
    // Other rows are used meanwhile, and this one after it.
    hot.put(columnFamily, `${key}?`, given);
    hot.merge(columnFamily, `${key}?`, 'w');
    expect(hot.get(columnFamily, `${key}?`)).toBe(`${given},w`);
    await writing;
    rows.delete(key);
    rows.set(`${key}!`, joined(rows.get(`${key}!`), given));
    rows.set(`${key}?`, `${given},w`);
  }),
  onRow(3, async ({ hot: { db } }, { family: columnFamily, rows, key }) => {
    const values = await db.multiGetAsync([key, `${key}!`], { columnFamily });
    expect(values.map((value) => value && Buffer.from(value).toString())).toEqual([rows.get(key), rows.get(`${key}!`)]);
  }),
  onRow(3, ({ hot: { db } }, { family, rows, key }) => {
    const value = db.calls.openValueAside(family.number, Buffer.from(key));
    expect(value?.sizeBytes).toBe(rows.get(key)?.length);
    value?.close();
  }),
  onRow(1, ({ hot: { db } }, { family: columnFamily, rows, key }) => {
    const [lower, upper] = key < 'key 3' ? [key, 'key 3'] : ['key 3', key];
    db.deleteRange(lower, upper, { columnFamily });
    for (const each of [...rows.keys()].filter((other) => other >= lower && other < upper)) {
      rows.delete(each);
    }
  }),
  onFamily(3, ({ hot: { db } }, { family, rows }) => expect(scanned(db, family)).toEqual(Object.fromEntries(rows))),
  onFamily(1, ({ hot: { db } }, { family: columnFamily }) => db.compactRange({ columnFamily })),
  onFamily(1, ({ hot: { db } }) => db.flush()),
  onFamily(1, ({ hot: { rows } }) => rows.guard.settleInTurns()),
);

describe.each([8 * KIB, 40 * KIB, 1024 * KIB])('hot rows in %i bytes', (sizeBytes) => {
  it(`and what changes them directly are what Maps would be (${RUNS * STEPS} steps)`, {
    timeout: 180_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.noBias(fc.array(step, { minLength: STEPS, maxLength: STEPS })), (steps) =>
        withDb(async (db) => {
          const families = [];
          for (const name of ['first', 'second']) {
            families.push({ family: await db.createColumnFamily(name), rows: new Map<string, string>() });
          }
          const system = { hot: new HotDatabase(db, sizeBytes), families };
          for (const each of steps) {
            await each(system);
          }
          for (const { family, rows } of families) {
            expectRows(system.hot, family, rows);
          }
          expect(system.hot.rows.counts.usedBytes).toBeLessThanOrEqual(sizeBytes);
        }),
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true },
    );
  });
});
