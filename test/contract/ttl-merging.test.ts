// Namespaces that are merged while some of what they hold has expired.
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
} from '../../lib/api/descriptors.ts';
import type { AppendingState } from '../../lib/api/state.ts';
import { Types } from '../../lib/bytes/types.ts';
import { ExpiringBackend } from '../support/expiring-backend.ts';
import { ttlOf } from '../support/expiring-states.ts';
import { mutableSum, sum } from '../support/functions.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

type Read = number | number[] | undefined;
type Descriptor = StateDescriptor<AppendingState<number, Read>>;

const TARGET = 'targetNamespace';
const EXPIRED = 'expiredNamespace';
const SOURCES = [EXPIRED, 'unexpiredNamespace', 'finalNamespace', TARGET] as const;
const OTHERS = SOURCES.filter((namespace) => namespace !== TARGET);

const KINDS: readonly (readonly [string, () => Descriptor])[] = [
  ['list', () => new ListStateDescriptor('s', Types.LONG)],
  ['reducing', () => new ReducingStateDescriptor('s', sum, Types.LONG)],
  ['aggregating', () => new AggregatingStateDescriptor('s', mutableSum, Types.JSON<{ total: number }>())],
];

function at(keyed: KeyedStateBackend<string>, descriptor: Descriptor, namespace: string) {
  return keyed.getPartitionedState(descriptor, { namespace, namespaceType: Types.STRING });
}

const ordered = (read: Read): Read => (Array.isArray(read) ? read.toSorted((a, b) => a - b) : read);

describe.each(Object.entries(BACKENDS))('on %s', (_backend, create) => {
  describe.each(KINDS)('merging %s state', (kind, describeState) => {
    it.each([
      ['without the target', OTHERS],
      ['with the target as one of the sources', SOURCES],
    ])('leaves out what has expired, %s (T229)', (_what, sources) =>
      withBackend(create, async (bench) => {
        const { clock, keyed } = await ExpiringBackend.open(bench);
        const descriptor = describeState().enableTimeToLive(ttlOf());
        const add = (namespace: string, value: number) => at(keyed, descriptor, namespace).add(value);
        for (const [index, namespace] of SOURCES.entries()) {
          add(namespace, 1000 + index);
        }
        clock.nowMs = 120;
        add(TARGET, 1);
        add('unexpiredNamespace', 2);
        add('finalNamespace', 3);
        clock.nowMs = 150;
        add(TARGET, 10);
        add('unexpiredNamespace', 20);
        add('finalNamespace', 30);
        clock.nowMs = 230;
        at(keyed, descriptor, TARGET).mergeNamespaces(TARGET, sources);

        // What is made one lives as a whole; each element of a list lives by itself.
        expect(ordered(at(keyed, descriptor, TARGET).get())).toEqual(kind === 'list' ? [10, 20, 30] : 66);
        for (const namespace of OTHERS) {
          expect(at(keyed, descriptor, namespace).get()).toEqual(kind === 'list' ? [] : undefined);
        }
        expect(await keyed.numKeyValueStateEntries()).toBe(1);
        // The time of the merge is that of what is made one, and elements keep theirs.
        clock.nowMs = 249;
        expect(ordered(at(keyed, descriptor, TARGET).get())).toEqual(kind === 'list' ? [10, 20, 30] : 66);
        clock.nowMs = 250;
        expect(at(keyed, descriptor, TARGET).get()).toEqual(kind === 'list' ? [] : 66);
        clock.nowMs = 330;
        expect(at(keyed, descriptor, TARGET).get()).toEqual(kind === 'list' ? [] : undefined);
        expect(await keyed.numKeyValueStateEntries()).toBe(0);
      }),
    );

    it('gives nothing when all has expired', () =>
      withBackend(create, async (bench) => {
        const { clock, keyed } = await ExpiringBackend.open(bench);
        const descriptor = describeState().enableTimeToLive(ttlOf((builder) => builder.returnExpiredIfNotCleanedUp()));
        at(keyed, descriptor, EXPIRED).add(1);
        clock.nowMs = 100;
        const target = at(keyed, descriptor, TARGET);
        target.mergeNamespaces(TARGET, [EXPIRED]);
        if (kind !== 'list') {
          expect(target.get()).toBeUndefined();
        }
        clock.nowMs = 300;
        target.add(7);
        target.setCurrentNamespace(TARGET);
        expect(ordered(target.get())).toEqual(kind === 'list' ? [1, 7] : 7);
      }));

    it('leaves the target as it is when the sources hold nothing that lives', () =>
      withBackend(create, async (bench) => {
        const { clock, keyed } = await ExpiringBackend.open(bench);
        const descriptor = describeState().enableTimeToLive(ttlOf());
        at(keyed, descriptor, EXPIRED).add(1);
        clock.nowMs = 60;
        at(keyed, descriptor, TARGET).add(2);
        clock.nowMs = 110;
        at(keyed, descriptor, TARGET).mergeNamespaces(TARGET, [EXPIRED, 'never written']);
        clock.nowMs = 159;
        expect(at(keyed, descriptor, TARGET).get()).toEqual(kind === 'list' ? [2] : 2);
        clock.nowMs = 160;
        expect(at(keyed, descriptor, TARGET).get()).toEqual(kind === 'list' ? [] : undefined);
      }));

    it('leaves out an expired target', () =>
      withBackend(create, async (bench) => {
        const { clock, keyed } = await ExpiringBackend.open(bench);
        const descriptor = describeState().enableTimeToLive(ttlOf());
        at(keyed, descriptor, TARGET).add(1);
        clock.nowMs = 60;
        at(keyed, descriptor, 'source').add(2);
        clock.nowMs = 110;
        at(keyed, descriptor, TARGET).mergeNamespaces(TARGET, ['source']);
        expect(at(keyed, descriptor, TARGET).get()).toEqual(kind === 'list' ? [2] : 2);
      }));
  });
});
