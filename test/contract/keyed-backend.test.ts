import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { HeldStorage } from '../support/held-storage.ts';
import { observeUploads } from '../support/observed-storage.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);

describe.each(Object.entries(BACKENDS))('a keyed backend on %s', (_name, create) => {
  it('needs a current key', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const count = keyed.getState(COUNT);
      const noKey = expect.objectContaining({ name: 'StateAccessError', code: 'ERR_NO_CURRENT_KEY' });
      expect(() => count.value()).toThrow(noKey);
      expect(() => count.update(1)).toThrow(noKey);
      expect(() => count.clear()).toThrow(noKey);
      expect(() => keyed.getCurrentKey()).toThrow(noKey);
    }));

  it('refuses keys that are none, and has no current key then', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const count = keyed.getState(COUNT);
      keyed.setCurrentKey('good');
      for (const key of [undefined, null]) {
        expect(() => keyed.setCurrentKey(key as unknown as string)).toThrow(
          expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_KEY' }),
        );
      }
      expect(() => keyed.setCurrentKey(5 as unknown as string)).toThrow(/STRING must be a string; received 5/);
      expect(() => count.update(1)).toThrow(expect.objectContaining({ code: 'ERR_NO_CURRENT_KEY' }));
    }));

  it('tells listeners of every key before it becomes current, until they are deregistered (T064)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const count = keyed.getState(COUNT);
      const seen: unknown[] = [];
      const listener = (next: string) => {
        const current = seen.length === 0 ? 'none' : keyed.getCurrentKey();
        seen.push([current, current === 'none' ? 'none' : count.value(), next]);
      };
      keyed.registerKeySelectionListener(listener);
      for (const [index, key] of ['a', 'b', 'b'].entries()) {
        keyed.setCurrentKey(key);
        count.update(index);
      }
      expect(keyed.deregisterKeySelectionListener(listener)).toBe(true);
      expect(keyed.deregisterKeySelectionListener(listener)).toBe(false);
      keyed.setCurrentKey('c');
      expect(seen).toEqual([
        ['none', 'none', 'a'],
        ['a', 0, 'b'],
        ['b', 1, 'b'],
      ]);
    }));

  it('has no current key when a listener fails (T064)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const count = keyed.getState(COUNT);
      keyed.setCurrentKey('a');
      keyed.registerKeySelectionListener(() => {
        throw new Error('Not this key');
      });
      expect(() => keyed.setCurrentKey('b')).toThrow('Not this key');
      const noKey = expect.objectContaining({ code: 'ERR_NO_CURRENT_KEY' });
      expect(() => keyed.getCurrentKey()).toThrow(noKey);
      expect(() => count.update(1)).toThrow(noKey);
    }));

  it('can not be restored with another key type', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open({ keyType: Types.STRING, states: [COUNT] });
      await expect(restored(bench, keyed, { keyType: Types.LONG })).rejects.toMatchObject({
        name: 'StateMigrationError',
        message: expect.stringMatching(/StringSerializer.*LongSerializer/),
      });
    }));

  it('says of a key of another kind what it should be, whatever its key group', () =>
    withBackend(create, async ({ open }) => {
      const half = { maxParallelism: 128, keyGroupRange: { start: 0, end: 63 } };
      const texts = await open({ keyType: Types.STRING, ...half });
      expect(() => texts.setCurrentKey(5 as unknown as string)).toThrow(SerializationError);
      const numbers = await open({ keyType: Types.BIGINT, ...half });
      expect(() => numbers.setCurrentKey(5 as unknown as bigint)).toThrow(SerializationError);
    }));

  it('refuses a key of a key group that it does not own (T060)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING, maxParallelism: 10, keyGroupRange: { start: 0, end: 4 } });
      keyed.setCurrentKey('13'); // group 3
      expect(() => keyed.setCurrentKey('7')).toThrow(
        expect.objectContaining({
          name: 'RangeError',
          code: 'ERR_KEY_GROUP_OUT_OF_RANGE',
          message: expect.stringMatching(/Key group 5 of key "7" is not in this backend's range 0 to 4/),
        }),
      );
    }));

  it.each([
    [{ keyType: Types.STRING, maxParallelism: 0 }, 'ERR_INVALID_PARALLELISM'],
    [{ keyType: Types.STRING, maxParallelism: 40_000 }, 'ERR_INVALID_PARALLELISM'],
    [{ keyType: Types.STRING, keyGroupRange: { start: 5, end: 4 } }, 'ERR_INVALID_KEY_GROUP_RANGE'],
    [{ keyType: Types.STRING, keyGroupRange: { start: 0, end: 128 } }, 'ERR_INVALID_KEY_GROUP_RANGE'],
    [{ keyType: Types.JSON<string>() }, 'ERR_INVALID_KEY_TYPE'],
    [{ keyType: 'STRING' as unknown as typeof Types.STRING }, 'ERR_INVALID_KEY_TYPE'],
  ])('refuses options that can not work: %j', (options, code) =>
    withBackend(create, async ({ open }) => {
      await expect(open(options)).rejects.toMatchObject({ code });
    }),
  );

  it("refuses a state named 'default', and descriptors without name or type", () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      expect(() => keyed.getState(new ValueStateDescriptor('default', Types.LONG))).toThrow(
        expect.objectContaining({ code: 'ERR_RESERVED_STATE_NAME' }),
      );
      const invalid = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_DESCRIPTOR' });
      expect(() => new ValueStateDescriptor('', Types.LONG)).toThrow(invalid);
      expect(() => new ValueStateDescriptor('x', undefined as unknown as typeof Types.LONG)).toThrow(invalid);
    }));

  it('snapshots and restores a backend without any state (T053)', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.STRING });
      const handle = await keyed.snapshot(1, storage);
      expect(handle.states).toEqual([]);
      const restored = await open({ keyType: Types.STRING, restore: { storage, handle } });
      restored.setCurrentKey('k');
      expect(restored.getState(COUNT).value()).toBeUndefined();
    }));

  it('refuses writes while a snapshot is being captured, and takes them again once it is (T056)', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.STRING, states: [COUNT] });
      const count = keyed.getState(COUNT);
      keyed.setCurrentKey('k');
      count.update(1);
      const snapshot = keyed.snapshot(1, storage);
      const captured = expect.objectContaining({ code: 'ERR_SNAPSHOT_BEING_CAPTURED' });
      expect(() => count.update(2)).toThrow(captured);
      expect(() => count.clear()).toThrow(captured);
      expect(() => keyed.snapshot(2, storage)).toThrow(captured);
      expect(count.value()).toBe(1);
      await snapshot.captured;
      count.update(2);
      const handle = await snapshot;
      expect(count.value()).toBe(2);
      const restored = await open({ keyType: Types.STRING, restore: { storage, handle } });
      restored.setCurrentKey('k');
      expect(restored.getState(COUNT).value()).toBe(1);
    }));

  it('gives every one of many overlapping snapshots its own moment (T056)', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.LONG });
      const count = keyed.getState(COUNT);
      const snapshots = [];
      for (let id = 1; id <= 6; id++) {
        for (let key = 0; key < 200; key++) {
          keyed.setCurrentKey(key);
          count.update(id * 1000 + key);
        }
        const snapshot = keyed.snapshot(id, storage);
        snapshots.push(snapshot.completed);
        await snapshot.captured;
      }
      for (const handle of await Promise.all(snapshots)) {
        const restored = await open({ keyType: Types.LONG, restore: { storage, handle } });
        const restoredCount = restored.getState(COUNT);
        for (let key = 0; key < 200; key++) {
          restored.setCurrentKey(key);
          expect(restoredCount.value()).toBe(handle.checkpointId * 1000 + key);
        }
      }
    }));

  it('keeps what is written to a state for the first time out of a snapshot that knows the state already (T056)', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.STRING, states: [COUNT] });
      const held = new HeldStorage(storage);
      const snapshot = keyed.snapshot(1, held);
      await snapshot.captured;
      keyed.setCurrentKey('k');
      keyed.getState(COUNT).update(1);
      held.release();
      const restored = await open({ keyType: Types.STRING, restore: held.source(await snapshot) });
      restored.setCurrentKey('k');
      expect(restored.getState(COUNT).value()).toBeUndefined();
      expect(await restored.numKeyValueStateEntries()).toBe(0);
    }));

  it('cancels a snapshot in the middle of its upload when it is closed, and removes what was stored (T055)', () =>
    withBackend(create, async ({ open, storage, leftovers }) => {
      const keyed = await open({ keyType: Types.STRING });
      keyed.setCurrentKey('k');
      keyed.getState(COUNT).update(1);
      let closed: Promise<void> | undefined;
      const observed = observeUploads(storage, async (upload) => {
        const file = await upload();
        closed ??= keyed.close();
        return file;
      });
      const snapshot = keyed.snapshot(1, observed);
      await expect(snapshot).rejects.toThrow(
        expect.objectContaining({ name: 'CheckpointError', message: expect.stringContaining('backend was closed') }),
      );
      await closed;
      expect(await storage.list()).toEqual([]);
      expect(await readdir(storage.directory)).toEqual([]);
      expect(await leftovers()).toEqual([]);
    }));

  it('keeps an attachment with the checkpoint', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.STRING });
      const attachment = { topic: 'words', offsets: [1, 2, 3] };
      const handle = await keyed.snapshot(4, storage, { attachment });
      expect(handle.attachment).toEqual(attachment);
      expect((await storage.open(4)).attachment).toEqual(attachment);
      expect(await storage.open(4)).toEqual(handle);
    }));

  it('refuses everything after close, and closes once (T256)', () =>
    withBackend(create, async ({ open, storage }) => {
      const keyed = await open({ keyType: Types.STRING });
      const count = keyed.getState(COUNT);
      keyed.setCurrentKey('k');
      count.update(1);
      await Promise.all([keyed.close(), keyed.close()]);
      await keyed.close();
      const closed = expect.objectContaining({ code: expect.stringMatching(/^ERR_(ROCKSDB|BACKEND)_CLOSED$/) });
      expect(() => count.value()).toThrow(closed);
      expect(() => count.update(2)).toThrow(closed);
      expect(() => keyed.getState(COUNT)).toThrow(closed);
      expect(() => keyed.snapshot(1, storage)).toThrow(closed);
    }));

  it('leaves no working files behind: after close, a failed open, or await using (T254)', () =>
    withBackend(create, async ({ open, storage, leftovers }) => {
      {
        await using keyed = await open({ keyType: Types.STRING });
        keyed.setCurrentKey('k');
        keyed.getState(COUNT).update(1);
        const handle = await keyed.snapshot(1, storage);
        await expect(open({ keyType: Types.STRING, maxParallelism: 10, restore: { storage, handle } })).rejects.toThrow(
          /maximum parallelism 128.*10/,
        );
        await expect(open({ keyType: Types.INT, restore: { storage, handle } })).rejects.toThrow(/keys written by/);
      }
      expect(await leftovers()).toEqual([]);
    }));

  it('can be closed while a snapshot is under way, which then fails and leaves nothing (T054)', () =>
    withBackend(create, async ({ open, storage, leftovers }) => {
      for (let round = 1; round <= 20; round++) {
        const keyed = await open({ keyType: Types.LONG });
        const count = keyed.getState(COUNT);
        for (let key = 0; key < 500; key++) {
          keyed.setCurrentKey(key);
          count.update(key);
        }
        const outcome = keyed.snapshot(round, storage).completed.then(
          () => 'completed',
          (error) => error.name,
        );
        if (round % 2 === 0) {
          await new Promise((resolve) => setTimeout(resolve, round));
        }
        await keyed.close();
        expect(['completed', 'CheckpointError']).toContain(await outcome);
        expect((await storage.list()).includes(round)).toBe((await outcome) === 'completed');
      }
      expect(await leftovers()).toEqual([]);
    }));
});
