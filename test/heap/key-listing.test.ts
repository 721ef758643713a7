import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { HashMapStateBackend } from '../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);
const KEYS = 100_000;

describe('an asynchronous listing of state in memory', () => {
  it.each(['getKeys', 'getKeysAndNamespaces'] as const)(
    'by %s lets the event loop turn, also where all keys are of one group',
    (method) =>
      withBackend(
        () => new HashMapStateBackend(),
        async ({ open }) => {
          const keyed = await open({ keyType: Types.LONG, maxParallelism: 1 });
          const options = { namespace: 'w', namespaceType: Types.STRING };
          const count = keyed.getPartitionedState(COUNT, options);
          for (let key = 0; key < KEYS; key++) {
            keyed.setCurrentKey((key * 7919) % KEYS);
            count.update(key);
          }
          const listing: AsyncIterable<number | readonly [number, string]> =
            method === 'getKeys'
              ? keyed.getKeys('count', options)
              : keyed.getKeysAndNamespaces('count', options.namespaceType);
          let turns = 0;
          let turnsBeforeFirst: number | undefined;
          let isDone = false;
          const listed: number[] = [];
          const reading = (async () => {
            for await (const item of listing) {
              turnsBeforeFirst ??= turns;
              listed.push(typeof item === 'number' ? item : item[0]);
            }
            isDone = true;
          })();
          while (!isDone) {
            await setImmediate();
            turns++;
          }
          await reading;
          expect(listed.every((key, index) => key === index)).toBe(true);
          expect(listed).toHaveLength(KEYS);
          // Gathering and sorting take a hundred slices or so, and giving the items out some more.
          expect(turnsBeforeFirst).toBeGreaterThan(10);
          expect(turns).toBeGreaterThan((turnsBeforeFirst ?? 0) + 2);
        },
      ),
  );
});
