// List state whose elements expire one by one.
import { describe, expect, it } from 'vitest';
import { ListStateDescriptor } from '../../lib/api/descriptors.ts';
import type { ListState } from '../../lib/api/state.ts';
import type { TtlSettings } from '../../lib/api/state-ttl.ts';
import { Types } from '../../lib/bytes/types.ts';
import { ExpiringBackend } from '../support/expiring-backend.ts';
import { ttlOf } from '../support/expiring-states.ts';
import { BACKENDS, type Bench, withBackend } from '../support/with-backend.ts';

const READ = ttlOf((builder) => builder.updateTtlOnReadAndWrite());
const ONCE_EXPIRED = ttlOf((builder) => builder.returnExpiredIfNotCleanedUp());
const LONG_LIST = 20_000;

async function open(bench: Bench, settings: TtlSettings) {
  const backend = await ExpiringBackend.open(bench);
  const descriptor = new ListStateDescriptor('list', Types.STRING).enableTimeToLive(settings);
  return { backend, clock: backend.clock, list: backend.keyed.getListState(descriptor) };
}

async function all(list: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const element of list) {
    found.push(element);
  }
  return found;
}

const READS: readonly (readonly [string, (list: ListState<string>) => string[] | Promise<string[]>])[] = [
  ['get', (list) => list.get()],
  ['asyncGet', (list) => list.asyncGet()],
  ['an iterator', (list) => [...list]],
  ['an asynchronous iterator', (list) => all(list)],
];

describe.each(Object.entries(BACKENDS))('a list whose elements expire on %s', (_name, create) => {
  it.each(READS)('shows what lives, wherever in the list it is: %s', (_what, read) =>
    withBackend(create, async (bench) => {
      const { backend, clock, list } = await open(bench, ttlOf());
      // Added by a clock that goes back, the elements in the middle are the oldest.
      clock.nowMs = 60;
      list.add('a');
      clock.nowMs = 0;
      list.addAll(['b', 'c']);
      clock.nowMs = 80;
      list.add('d');
      clock.nowMs = 10;
      await list.asyncAdd('e');
      clock.nowMs = 100;
      expect(await read(list)).toEqual(['a', 'd', 'e']);
      clock.nowMs = 159;
      expect(await read(list)).toEqual(['a', 'd']);
      clock.nowMs = 160;
      expect(await read(list)).toEqual(['d']);
      expect(await backend.rows()).toBe(1);
      clock.nowMs = 180;
      expect(await read(list)).toEqual([]);
      expect(await backend.rows()).toBe(0);
    }),
  );

  it.each(READS)(
    'shows expired elements until none lives, then once more, where that is asked for: %s',
    (_what, read) =>
      withBackend(create, async (bench) => {
        const { clock, list } = await open(bench, ONCE_EXPIRED);
        list.add('a');
        clock.nowMs = 60;
        list.add('b');
        clock.nowMs = 120;
        expect(await read(list)).toEqual(['a', 'b']);
        expect(await read(list)).toEqual(['a', 'b']);
        clock.nowMs = 160;
        expect(await read(list)).toEqual(['a', 'b']);
        expect(await read(list)).toEqual([]);
      }),
  );

  it.each(READS)(
    'has what lives written again by being read, without the rest, where that is asked for: %s',
    (_what, read) =>
      withBackend(create, async (bench) => {
        const { backend, clock, list } = await open(bench, READ);
        list.addAll(['a', 'b']);
        clock.nowMs = 60;
        list.add('c');
        clock.nowMs = 110;
        expect(await read(list)).toEqual(['c']);
        // What had expired is not there any more, even by a clock that goes back.
        clock.nowMs = 50;
        expect(await read(list)).toEqual(['c']);
        clock.nowMs = 149;
        expect(await read(list)).toEqual(['c']);
        clock.nowMs = 249;
        expect(await read(list)).toEqual([]);
        expect(await backend.rows()).toBe(0);
      }),
  );

  it('loses nothing that is added while it is iterated over, though all that was there has expired', () =>
    withBackend(create, async (bench) => {
      const { clock, list } = await open(bench, ONCE_EXPIRED);
      list.addAll(['a', 'b']);
      clock.nowMs = 100;
      const seen: string[] = [];
      for (const element of list) {
        if (seen.push(element) === 1) {
          list.add('new');
        }
      }
      expect(seen.slice(0, 2)).toEqual(['a', 'b']);
      expect(list.get()).toContain('new');
      clock.nowMs = 199;
      expect(list.get()).toContain('new');
    }));

  it('loses nothing that is added while it is iterated over asynchronously, under whatever key', () =>
    withBackend(create, async (bench) => {
      const { backend, clock, list } = await open(bench, ONCE_EXPIRED);
      list.addAll(['a', 'b']);
      backend.keyed.setCurrentKey('other');
      list.add('of another key');
      backend.keyed.setCurrentKey('k');
      clock.nowMs = 100;
      let adding: Promise<void> | undefined;
      for await (const _ of list) {
        backend.keyed.setCurrentKey('k');
        adding ??= list.asyncAdd('new');
        backend.keyed.setCurrentKey('other');
      }
      await adding;
      clock.nowMs = 150;
      expect(await backend.rows()).toBe(2);
      backend.keyed.setCurrentKey('k');
      expect(list.get()).toContain('new');
      backend.keyed.setCurrentKey('other');
      expect(list.get()).toEqual(['of another key']);
    }));

  it('stays when an iteration ends early', () =>
    withBackend(create, async (bench) => {
      const { backend, clock, list } = await open(bench, ONCE_EXPIRED);
      list.addAll(['a', 'b']);
      clock.nowMs = 100;
      for (const _ of list) {
        break;
      }
      for await (const _ of list) {
        break;
      }
      expect(await backend.rows()).toBe(1);
      expect(list.get()).toEqual(['a', 'b']);
    }));

  it.each(READS)('may be long: %s', (_what, read) =>
    withBackend(create, async (bench) => {
      const { clock, list } = await open(bench, ttlOf());
      const elements = Array.from({ length: LONG_LIST }, (_, index) => `${index}`.repeat(1 + (index % 7)));
      list.addAll(elements);
      clock.nowMs = 60;
      list.addAll(elements);
      clock.nowMs = 120;
      expect(await read(list)).toEqual(elements);
    }),
  );

  it('is as it was when an element can not be written', () =>
    withBackend(create, async (bench) => {
      const { clock, list } = await open(bench, ttlOf());
      list.add('a');
      clock.nowMs = 60;
      const bad = 1 as unknown as string;
      const failure = expect.objectContaining({ code: 'ERR_SERIALIZATION' });
      expect(() => list.add(bad)).toThrow(failure);
      expect(() => list.addAll(['b', bad])).toThrow(failure);
      expect(() => list.update(['b', bad])).toThrow(failure);
      await expect(list.asyncAddAll(['b', bad])).rejects.toThrow(failure);
      await expect(list.asyncUpdate(['b', bad])).rejects.toThrow(failure);
      expect(list.get()).toEqual(['a']);
      clock.nowMs = 100;
      expect(list.get()).toEqual([]);
    }));
});
