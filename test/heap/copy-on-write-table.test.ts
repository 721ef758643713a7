import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../lib/heap/byte-text.ts';
import { CopyOnWriteTable, type RowAddress, type TableView } from '../../lib/heap/copy-on-write-table.ts';
import { SnapshotVersions } from '../../lib/heap/snapshot-versions.ts';

const RANGE = { start: 10, end: 13 };

interface Fixture {
  readonly versions: SnapshotVersions;
  readonly table: CopyOnWriteTable<number>;
}

function fixture(): Fixture {
  const versions = new SnapshotVersions();
  return { versions, table: new CopyOnWriteTable(versions, RANGE) };
}

function at(id: string, keyGroup: number = RANGE.start, hash: number = hashOf(id)): RowAddress {
  return { keyGroup, id, hash };
}

/** `keyGroup/id=value`, sorted. */
function contents(view: TableView<number>): string[] {
  return view
    .keyGroups()
    .flatMap((keyGroup) => Array.from(view.rows(keyGroup), ({ id, value }) => `${keyGroup}/${id}=${value}`))
    .sort();
}

describe('a copy-on-write table', () => {
  it('keeps values by id and key group', () => {
    const { table } = fixture();
    table.set(at('a', 10), 1);
    table.set(at('a', 13), 2);
    table.set(at('b', 10), 3);
    table.set(at('a', 10), 4);
    expect([table.get(at('a', 10))?.value, table.get(at('a', 13))?.value, table.get(at('b', 10))?.value]).toEqual([
      4, 2, 3,
    ]);
    expect(table.get(at('b', 13))).toBeUndefined();
    expect(contents(table.freeze())).toEqual(['10/a=4', '10/b=3', '13/a=2']);
  });

  it.each([
    ['spread', (id: string) => hashOf(id)],
    ['the same', () => 0x7f00ff00],
    ['the same but for the highest bits', (id: string) => (Number(id) % 3) << 29],
  ])('holds many rows with hashes that are %s, and nothing when they are gone', (_what, hash) => {
    const { table } = fixture();
    const ids = Array.from({ length: 2000 }, (_, index) => String(index));
    ids.forEach((id, index) => {
      table.set(at(id, 11, hash(id)), index);
    });
    expect(table.freeze().size(11)).toBe(2000);
    expect(ids.map((id) => table.get(at(id, 11, hash(id)))?.value)).toEqual(ids.map(Number));
    for (const id of ids) {
      table.delete(at(id, 11, hash(id)));
      table.delete(at(id, 11, hash(id)));
    }
    expect(table.freeze().keyGroups()).toEqual([]);
    expect(table.get(at('1', 11, hash('1')))).toBeUndefined();
  });

  it('shows in a view what was there when it was taken', () => {
    const { table } = fixture();
    table.set(at('a'), 1);
    table.set(at('b'), 2);
    const before = table.freeze();
    table.set(at('a'), 10);
    table.delete(at('b'));
    table.set(at('c', 12), 3);
    const after = table.freeze();
    table.delete(at('a'));
    expect(contents(before)).toEqual(['10/a=1', '10/b=2']);
    expect(contents(after)).toEqual(['10/a=10', '12/c=3']);
    expect(contents(table.freeze())).toEqual(['12/c=3']);
  });

  it('changes a row in place only when no view can see it', () => {
    const { table } = fixture();
    table.set(at('a'), 1);
    const row = table.get(at('a'));
    table.set(at('a'), 2);
    expect(table.get(at('a'))).toBe(row);
    table.freeze();
    table.set(at('a'), 3);
    expect(table.get(at('a'))).not.toBe(row);
    expect(row?.value).toBe(2);
  });

  it('is what a Map would be, and so are its views, however many are taken in between', () => {
    // Few ids, so that they are hit again; few hashes, so that they collide.
    const address = fc.record({
      keyGroup: fc.integer({ min: RANGE.start, max: RANGE.end }),
      id: fc.integer({ min: 0, max: 60 }).map(String),
    });
    const step = fc.oneof(
      { weight: 12, arbitrary: fc.record({ do: fc.constant('set' as const), address, value: fc.integer() }) },
      { weight: 8, arbitrary: fc.record({ do: fc.constant('delete' as const), address }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('freeze' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 200, maxLength: 600 }), fc.constantFrom(4, 12, 32), (steps, bits) => {
        const { table } = fixture();
        const model = new Map<string, number>();
        const views: { readonly view: TableView<number>; readonly expected: string[] }[] = [];
        const expected = () => [...model].map(([name, value]) => `${name}=${value}`).sort();
        for (const next of steps) {
          if (next.do === 'freeze') {
            views.push({ view: table.freeze(), expected: expected() });
            continue;
          }
          const { keyGroup, id } = next.address;
          const place = at(id, keyGroup, hashOf(id) >>> (32 - bits));
          expect(table.get(place)?.value).toBe(model.get(`${keyGroup}/${id}`));
          if (next.do === 'set') {
            table.set(place, next.value);
            model.set(`${keyGroup}/${id}`, next.value);
          } else {
            table.delete(place);
            model.delete(`${keyGroup}/${id}`);
          }
        }
        views.push({ view: table.freeze(), expected: expected() });
        for (const each of views) {
          expect(contents(each.view)).toEqual(each.expected);
          const sizes = each.view.keyGroups().map((keyGroup) => each.view.size(keyGroup));
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(each.expected.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the versions of snapshots', () => {
  it('hold what is older than the newest snapshot that is not released', () => {
    const versions = new SnapshotVersions();
    const first = versions.current;
    expect(versions.isHeld(first)).toBe(false);
    const older = versions.hold();
    const between = versions.current;
    const newer = versions.hold();
    expect([first, between, versions.current].map((version) => versions.isHeld(version))).toEqual([true, true, false]);
    versions.release(newer);
    expect([first, between].map((version) => versions.isHeld(version))).toEqual([true, false]);
    versions.release(older);
    versions.release(older);
    expect(versions.isHeld(first)).toBe(false);
  });
});
