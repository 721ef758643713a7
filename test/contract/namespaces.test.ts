import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend, NamespaceOptions } from '../../lib/api/backend.ts';
import { ListStateDescriptor, ReducingStateDescriptor, ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import type { TimeWindow } from '../../lib/bytes/time-window.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError, StateMigrationError } from '../../lib/errors.ts';
import { sum } from '../support/functions.ts';
import { under, underEach } from '../support/per-key.ts';
import { restored } from '../support/restored.ts';
import { BACKENDS, withBackend } from '../support/with-backend.ts';

const TEXT = new ValueStateDescriptor('text', Types.STRING);
const LIST = new ListStateDescriptor('list', Types.LONG);
const TOTAL = new ReducingStateDescriptor('total', sum, Types.LONG);
const STRING_KEYS = { keyType: Types.STRING };
const INVALID_NAMESPACE = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_NAMESPACE' });

function inNamespace(namespace: string): NamespaceOptions<string> {
  return { namespace, namespaceType: Types.STRING };
}

/** The text of the current key in each namespace. */
function texts(keyed: KeyedStateBackend<string>, namespaces: readonly string[]): (string | undefined)[] {
  return namespaces.map((namespace) => keyed.getPartitionedState(TEXT, inNamespace(namespace)).value());
}

describe.each(Object.entries(BACKENDS))('namespaces on %s', (_name, create) => {
  it('hold values of their own under the same key (T008)', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(STRING_KEYS);
      const namespaces = ['', 'n', 'nn', 'ns'];
      for (const key of ['a', 'b']) {
        keyed.setCurrentKey(key);
        for (const namespace of namespaces) {
          keyed.getPartitionedState(TEXT, inNamespace(namespace)).update(`${key} in ${namespace}`);
        }
      }
      under(keyed, 'a', () => keyed.getPartitionedState(TEXT, inNamespace('n')).clear());
      for (const backend of [keyed, await restored(bench, keyed, STRING_KEYS)]) {
        expect(underEach(backend, ['a', 'b'], () => texts(backend, namespaces))).toEqual([
          ['a in ', undefined, 'a in nn', 'a in ns'],
          ['b in ', 'b in n', 'b in nn', 'b in ns'],
        ]);
      }
    }));

  it('can be windows', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(STRING_KEYS);
      const [early, late] = [0, 60_000].map((start) => ({ start, end: start + 60_000 }));
      const inWindow = (window: unknown) => ({ namespace: window as TimeWindow, namespaceType: Types.TIME_WINDOW });
      const everything = { namespace: 'GlobalWindow', namespaceType: Types.GLOBAL_WINDOW } as const;
      const triggers = new ValueStateDescriptor('triggers', Types.STRING);
      keyed.setCurrentKey('k');
      keyed.getPartitionedState(TEXT, inWindow(early)).update('early');
      keyed.getPartitionedState(TEXT, inWindow(late)).update('late');
      keyed.getPartitionedState(triggers, everything).update('all');
      for (const backend of [keyed, await restored(bench, keyed, STRING_KEYS)]) {
        expect([...backend.getKeysAndNamespaces('text', Types.TIME_WINDOW)]).toEqual([
          ['k', early],
          ['k', late],
        ]);
        expect([...backend.getKeysAndNamespaces('triggers', Types.GLOBAL_WINDOW)]).toEqual([['k', 'GlobalWindow']]);
        backend.setCurrentKey('k');
        expect(backend.getPartitionedState(TEXT, inWindow({ ...late })).value()).toBe('late');
        expect(backend.getPartitionedState(triggers, everything).value()).toBe('all');
      }
    }));

  it('can be switched on the state itself (T008)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const state = keyed.getPartitionedState(TEXT, inNamespace('first'));
      state.update('1');
      state.setCurrentNamespace('second');
      expect(state.value()).toBeUndefined();
      state.update('2');
      expect(texts(keyed, ['first', 'second'])).toEqual(['1', '2']);
    }));

  it('stay selected when the key changes', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      const state = keyed.getPartitionedState(TEXT, inNamespace('ns'));
      underEach(keyed, ['a', 'b'], (key) => state.update(key));
      expect(underEach(keyed, ['b', 'a'], () => texts(keyed, ['ns']))).toEqual([['b'], ['a']]);
    }));

  it.each([
    ['no namespace', { namespace: null, namespaceType: Types.STRING }],
    ['an undefined namespace', { namespace: undefined, namespaceType: Types.STRING }],
    ['no type', { namespace: 'ns', namespaceType: null }],
    ['neither', { namespace: null, namespaceType: null }],
    ['no options', undefined],
  ])('are refused with %s (T059)', (_what, options) =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const given = options as unknown as NamespaceOptions<string>;
      expect(() => keyed.getPartitionedState(TEXT, given)).toThrow(INVALID_NAMESPACE);
    }),
  );

  it('can not be switched to none (T059)', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const state = keyed.getPartitionedState(TEXT, inNamespace('ns'));
      state.update('kept');
      for (const nothing of [null, undefined]) {
        expect(() => state.setCurrentNamespace(nothing as unknown as string)).toThrow(INVALID_NAMESPACE);
      }
      expect(state.value()).toBe('kept');
    }));

  it('must fit their type', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const namespace = 5 as unknown as string;
      expect(() => keyed.getPartitionedState(TEXT, inNamespace(namespace)).update('text')).toThrow(SerializationError);
      expect(await keyed.numKeyValueStateEntries()).toBe(0);
    }));

  it('keep their type, before a restore and after', () =>
    withBackend(create, async (bench) => {
      const keyed = await bench.open(STRING_KEYS);
      under(keyed, 'k', () => keyed.getPartitionedState(TEXT, inNamespace('ns')).update('text'));
      for (const backend of [await restored(bench, keyed, STRING_KEYS), keyed]) {
        expect(() => backend.getState(TEXT)).toThrow(StateMigrationError);
        expect(() => backend.getPartitionedState(TEXT, { namespace: 1, namespaceType: Types.LONG })).toThrow(
          /State 'text' has namespaces stored as STRING, .*LongSerializer/,
        );
        expect(under(backend, 'k', () => texts(backend, ['ns']))).toEqual(['text']);
      }
    }));
});

describe.each(Object.entries(BACKENDS))('merging namespaces on %s', (_name, create) => {
  it('goes on from where the state is, in the namespace that is selected', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      for (const descriptor of [LIST, TOTAL]) {
        for (const namespace of ['a', 'b', 'c']) {
          keyed.getPartitionedState(descriptor as typeof LIST, inNamespace(namespace)).add(1);
        }
        const state = keyed.getPartitionedState(descriptor as typeof LIST, inNamespace('c'));
        const before = state.get();
        state.mergeNamespaces('a', ['b']);
        expect(state.get()).toEqual(before);
      }
      expect(keyed.getPartitionedState(TOTAL, inNamespace('a')).get()).toBe(2);
      expect(keyed.getPartitionedState(LIST, inNamespace('a')).get()).toEqual([1, 1]);
    }));

  it('changes nothing without sources', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const total = keyed.getPartitionedState(TOTAL, inNamespace('target'));
      const list = keyed.getPartitionedState(LIST, inNamespace('target'));
      total.add(5);
      list.addAll([1, 2]);
      total.mergeNamespaces('target', []);
      list.mergeNamespaces('target', []);
      expect([total.get(), list.get()]).toEqual([5, [1, 2]]);
    }));

  it('counts a target among the sources once', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      for (const [namespace, value] of Object.entries({ target: 1, source: 2 })) {
        keyed.getPartitionedState(TOTAL, inNamespace(namespace)).add(value);
        keyed.getPartitionedState(LIST, inNamespace(namespace)).add(value);
      }
      const sources = ['target', 'source', 'source'];
      const total = keyed.getPartitionedState(TOTAL, inNamespace('target'));
      const list = keyed.getPartitionedState(LIST, inNamespace('target'));
      total.mergeNamespaces('target', sources);
      list.mergeNamespaces('target', sources);
      expect(total.get()).toBe(3);
      expect(list.get().sort()).toEqual([1, 2]);
      expect(await keyed.numKeyValueStateEntries()).toBe(2);
    }));

  it('touches the current key only', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      underEach(keyed, ['a', 'b'], () => keyed.getPartitionedState(TOTAL, inNamespace('source')).add(7));
      under(keyed, 'a', () =>
        keyed.getPartitionedState(TOTAL, inNamespace('target')).mergeNamespaces('target', ['source']),
      );
      const totals = (namespace: string) =>
        underEach(keyed, ['a', 'b'], () => keyed.getPartitionedState(TOTAL, inNamespace(namespace)).get());
      expect([totals('source'), totals('target')]).toEqual([
        [undefined, 7],
        [7, undefined],
      ]);
    }));

  it.each([
    ['the target', null, ['source']],
    ['a source', 'target', ['source', null]],
  ])('loses nothing when %s is no namespace', (_what, target, sources) =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const list = keyed.getPartitionedState(LIST, inNamespace('source'));
      const total = keyed.getPartitionedState(TOTAL, inNamespace('source'));
      list.addAll([1, 2]);
      total.add(3);
      for (const state of [list, total]) {
        expect(() => state.mergeNamespaces(target as string, sources as string[])).toThrow(INVALID_NAMESPACE);
      }
      const stored = ['source', 'target'].map((namespace) => [
        keyed.getPartitionedState(LIST, inNamespace(namespace)).get(),
        keyed.getPartitionedState(TOTAL, inNamespace(namespace)).get(),
      ]);
      const nothing = [[], undefined];
      expect(stored).toEqual(expect.arrayContaining([[[1, 2], 3], nothing]));
    }),
  );

  it('loses nothing when the reduce function fails', () =>
    withBackend(create, async ({ open }) => {
      const keyed = await open(STRING_KEYS);
      keyed.setCurrentKey('k');
      const refuse = () => {
        throw new Error('No sum');
      };
      const descriptor = new ReducingStateDescriptor('refusing', refuse, Types.LONG);
      const at = (namespace: string) => keyed.getPartitionedState(descriptor, inNamespace(namespace));
      at('source').add(1);
      at('target').add(2);
      expect(() => at('target').mergeNamespaces('target', ['source'])).toThrow('No sum');
      expect([at('source').get(), at('target').get()]).toEqual([1, 2]);
    }));
});
