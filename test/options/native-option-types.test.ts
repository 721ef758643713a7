// The proof that setters arrive: each option is set alone, and read back from the file that RocksDB writes of itself.
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { NativeType } from '../../lib/options/native-options.ts';
import { readOptionsFile } from '../../lib/rocksdb/options-file.ts';
import { sampleOf } from '../support/native-option-samples.ts';
import { KINDS, setterOf, withSetters } from '../support/native-setters.ts';
import { UNSHARED, withConfigured } from '../support/open-with-options.ts';

/** Without these a keyed backend does not work: a factory's value is overruled. */
const FIXED = ['create_if_missing', 'avoid_flush_during_shutdown'];

/** What RocksDB's file has beside the rows: not set by a text, or the backend's own. */
const NO_ROW: Readonly<Record<string, readonly string[]>> = {
  database: ['create_missing_column_families', 'wal_filter'],
  'column family': ['compaction_filter', 'compaction_filter_factory', 'comparator', 'merge_operator', 'table_factory'],
  table: [],
};

/** Not every file system can do it. */
function skipWithoutDirectIo(name: string, context: TestContext): (error: Error) => void {
  return (error) => {
    if (name.startsWith('use_direct_') && /direct i\/?o/i.test(error.message)) {
      context.skip(error.message);
    }
    throw error;
  };
}

describe.each(KINDS)('the $name option', ({ name: kind, section, types, samples, effective }) => {
  const names = Object.keys(types).filter((name) => !FIXED.includes(name));

  let before: ReturnType<typeof effective>;
  beforeAll(() =>
    withConfigured(UNSHARED, (opened) => {
      before = effective(opened);
    }),
  );

  it.for(names)('%s is in effect when its setter is called', async (name, context) => {
    const { value = '' } = before[name] ?? {};
    const sample = samples[name] ?? sampleOf(types[name] as NativeType, value);
    expect(value).not.toBe('');
    expect(value).not.toContain(sample.written);
    await withSetters({ ...sample.needs, [setterOf(name)]: sample.value }, async (changed) => {
      const file = await readOptionsFile(changed.directory);
      const written = file.get(section)?.get(name);
      expect(sample.written.endsWith(';') ? written : [written]).toContain(sample.written);
      expect(effective(changed)[name]).toEqual({ value: written, source: 'factory' });
    }).catch(skipWithoutDirectIo(name, context));
  });

  it('has a row when RocksDB writes it', async () => {
    await withConfigured(UNSHARED, async ({ directory }) => {
      const file = await readOptionsFile(directory);
      const written = [...(file.get(section)?.keys() ?? [])];
      expect(written.filter((name) => !(name in types)).sort()).toEqual(NO_ROW[kind]);
      expect(Object.keys(types).filter((name) => !written.includes(name))).toEqual([]);
    });
  });
});

describe('the options that a keyed backend can not do without', () => {
  it.each(FIXED)('%s stays as it is whatever a factory says', async (name) => {
    await withSetters({ [setterOf(name)]: false }, async ({ effective, directory }) => {
      const file = await readOptionsFile(directory);
      expect(file.get('DBOptions')?.get(name)).toBe('true');
      expect(effective.database[name]).toEqual({ value: 'true', source: 'fixed' });
    });
  });
});
