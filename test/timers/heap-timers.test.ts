import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { StateReader } from '../../lib/inspect/state-reader.ts';
import { Savepoint } from '../../lib/savepoint/savepoint.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const FACTORY = 'state.backend.rocksdb.timer-service.factory';
const QUEUES = ['_timer_state/event_t', '_timer_state/processing_t'];
const TARGET = { onEventTime() {}, onProcessingTime() {} };
const COUNT = new ValueStateDescriptor('count', Types.LONG);

function backend(factory: string, more: Record<string, string> = {}): () => EmbeddedRocksDBStateBackend {
  return () => new EmbeddedRocksDBStateBackend().configure({ [FACTORY]: factory, ...more });
}

function fill(keyed: KeyedStateBackend<number>): string[] {
  const timers = keyed.getTimerService('t', { namespaceType: Types.STRING, triggerable: TARGET });
  const count = keyed.getState(COUNT);
  for (let key = 0; key < 50; key++) {
    keyed.setCurrentKey(key);
    count.update(key);
    timers.registerEventTimeTimer(`n${key % 3}`, 10 * key);
    timers.registerProcessingTimeTimer('p', key);
  }
  return list(keyed);
}

function list(keyed: KeyedStateBackend<number>): string[] {
  const timers = keyed.getTimerService('t', { namespaceType: Types.STRING, triggerable: TARGET });
  const listed: string[] = [];
  timers.forEachEventTimeTimer((...timer) => listed.push(`event ${keyed.getCurrentKey()} ${timer.join(' ')}`));
  timers.forEachProcessingTimeTimer((...timer) =>
    listed.push(`processing ${keyed.getCurrentKey()} ${timer.join(' ')}`),
  );
  return listed.sort();
}

async function open(
  { localDir }: Bench,
  factory: string,
  options: Partial<Parameters<EmbeddedRocksDBStateBackend['createKeyedStateBackend']>[0]> = {},
): Promise<KeyedStateBackend<number>> {
  return (await backend(factory)().createKeyedStateBackend({
    ...{ localDir, keyType: Types.LONG },
    ...options,
  } as Parameters<EmbeddedRocksDBStateBackend['createKeyedStateBackend']>[0])) as unknown as KeyedStateBackend<number>;
}

function namesOf({ files }: KeyedStateHandle): string[] {
  return files.map(({ name }) => name);
}

describe('timers in memory beside RocksDB', () => {
  it('are a file of a checkpoint, and inside the stream of a savepoint (T259)', () =>
    withBackend(backend('HEAP'), async (bench) => {
      await using keyed = await open(bench, 'HEAP');
      const before = fill(keyed);
      const handle = await keyed.snapshot(1, bench.storage);
      expect(handle.files.find(({ name }) => name === 'timers')).toMatchObject({ shared: false });
      const path = join(bench.directory, 'savepoint');
      await keyed.savepoint(path, { uid: 'u' });
      await using reader = await StateReader.open(path);
      const operator = reader.operator('u');
      const states = await operator.keyedStates();
      expect(states.map(({ name }) => name)).toEqual(['count', ...QUEUES]);
      const rows = [];
      for await (const { key, namespace, timestamp } of operator.rows(QUEUES[0] as string)) {
        rows.push(`event ${key} ${namespace} ${timestamp}`);
      }
      expect(rows.sort()).toEqual(before.filter((line) => line.startsWith('event')));
    }));

  it.each([
    ['HEAP', 'ROCKSDB'],
    ['ROCKSDB', 'HEAP'],
    ['HEAP', 'HEAP'],
  ])('may be elsewhere after a restore: %s before, %s after', (from, to) =>
    withBackend(backend(from), async (bench) => {
      await using first = await open(bench, from);
      const before = fill(first);
      const handle = await first.snapshot(1, bench.storage);
      expect(namesOf(handle).includes('timers')).toBe(from === 'HEAP');
      const ranges = [undefined, { start: 0, end: 63 }, { start: 64, end: 127 }];
      const parts: string[][] = [];
      for (const keyGroupRange of ranges) {
        await using second = await open(bench, to, {
          restore: { storage: bench.storage, handle },
          ...(keyGroupRange && { keyGroupRange }),
        });
        parts.push(list(second));
        if (keyGroupRange === undefined) {
          const timers = second.getTimerService('t', { namespaceType: Types.STRING, triggerable: TARGET });
          await timers.advanceWatermark(300);
          const later = await second.snapshot(2, bench.storage);
          expect(namesOf(later).includes('timers')).toBe(to === 'HEAP');
          await using third = await open(bench, to, { restore: { storage: bench.storage, handle: later } });
          expect(list(third)).toEqual(
            before.filter((line) => !/^event/.test(line) || Number(line.split(' ')[3]) > 300),
          );
          expect(third.getState(COUNT)).toBeDefined();
          third.setCurrentKey(7);
          expect(third.getState(COUNT).value()).toBe(7);
        }
      }
      const [whole, ...halves] = parts;
      expect(whole).toEqual(before);
      expect(halves.flat().sort()).toEqual(before);
    }),
  );

  it('move with savepoints, in both directions', () =>
    withBackend(backend('HEAP'), async (bench) => {
      let before: string[] = [];
      let path = '';
      for (const [index, factory] of ['HEAP', 'ROCKSDB', 'HEAP'].entries()) {
        const restore = path === '' ? {} : { restore: (await Savepoint.open(path)).operator('u') };
        await using keyed = await open(bench, factory, restore);
        before = index === 0 ? fill(keyed) : before;
        expect(list(keyed)).toEqual(before);
        path = join(bench.directory, `savepoint-${index}`);
        await keyed.savepoint(path, { uid: 'u', compress: index === 1 });
      }
      expect(before).toHaveLength(100);
    }));

  it('are seen by whoever reads the checkpoint', () =>
    withBackend(backend('HEAP'), async (bench) => {
      await using keyed = await open(bench, 'HEAP');
      const before = fill(keyed);
      const handle = await keyed.snapshot(1, bench.storage);
      await using reader = await StateReader.open(handle.location);
      const [operator] = reader.operators;
      expect(operator?.parts.map(({ layout }) => layout)).toEqual(['rockstate-rocksdb', 'rockstate-timers']);
      expect(operator?.sizeBytes).toBe(handle.sizeBytes);
      let rows = 0;
      for (const queue of QUEUES) {
        for await (const row of operator?.rows(queue) ?? []) {
          rows += row.timestamp === undefined ? 0 : 1;
        }
      }
      expect(rows).toBe(before.length);
    }));

  it('are read from copies on this machine', () =>
    withBackend(backend('HEAP'), async (bench) => {
      const directory = join(bench.directory, 'copies');
      const local = backend('HEAP', {
        'execution.checkpointing.local-backup.enabled': 'true',
        'execution.checkpointing.local-backup.dirs': directory,
        'execution.state-recovery.from-local': 'true',
      });
      const { localDir, storage } = bench;
      await using first = await local().createKeyedStateBackend({ localDir, keyType: Types.LONG });
      const before = fill(first);
      const handle = await first.snapshot(1, storage);
      const noStorage = {
        ...storage,
        begin: storage.begin,
        download: () => Promise.reject(new Error('not from here')),
      };
      await using second = await local().createKeyedStateBackend({
        ...{ localDir, keyType: Types.LONG },
        restore: { storage: noStorage, handle, claimMode: 'LEGACY' },
      });
      expect(list(second)).toEqual(before);
    }));
});
