import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { addon } from '../../lib/binding/load.ts';
import { withDb } from '../support/with-db.ts';

const surface = ts.createSourceFile(
  'surface.ts',
  readFileSync(new URL('../../lib/binding/surface.ts', import.meta.url), 'utf8'),
  ts.ScriptTarget.Latest,
);

function interfaceNamed(name: string): ts.InterfaceDeclaration {
  const found = surface.statements.filter(ts.isInterfaceDeclaration).find((each) => each.name.text === name);
  if (found === undefined) {
    throw new Error(`surface.ts has no interface ${name}.`);
  }
  return found;
}

/** The names of an interface's members, those it extends included. */
function declared(name: string): string[] {
  const declaration = interfaceNamed(name);
  const own = declaration.members.map((member) => member.name?.getText(surface) ?? '');
  const bases = (declaration.heritageClauses ?? []).flatMap((clause) => clause.types);
  return [...own, ...bases.flatMap((base) => declared(base.expression.getText(surface)))].sort();
}

/** The names that a class of the addon gives its instances. */
function offered(instance: object): string[] {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(instance));
  return names.filter((name) => name !== 'constructor').sort();
}

// Every native call that opening a database makes goes through the addon; a database of the binding itself:
async function nativeDb(path: string): Promise<Awaited<ReturnType<typeof addon.openDb>>> {
  const family = { name: '', options: {}, tableOptions: {} };
  const dbOptions = { create_if_missing: 'true' };
  const callOptions = { readOptions: {}, writeOptions: {}, statistics: 'off' } as const;
  return addon.openDb({ path, dbOptions, columnFamilies: [], unlisted: family, memory: undefined, ...callOptions });
}

describe('lib/binding/surface.ts and the addon agree, both ways, on', () => {
  test('what the addon exports', () => {
    expect(Object.getOwnPropertyNames(addon).sort()).toEqual(declared('NativeAddon'));
  });

  test('the methods of a database, a scan and a snapshot', () =>
    withDb(async (_db, { directory }) => {
      const db = await nativeDb(join(directory, 'native'));
      try {
        const range = { lower: undefined, upper: undefined };
        const scan = db.openScan(
          0,
          { ...range, withinPrefix: false, backward: false, keysOnly: false, fillCache: true },
          0,
        );
        expect(offered(db)).toEqual(declared('NativeDb'));
        expect(offered(scan)).toEqual(declared('NativeScan'));
        expect(offered(db.takeSnapshot())).toEqual(declared('NativeSnapshot'));
      } finally {
        await db.close();
      }
    }));

  test('the methods of a shared memory, and what it reports', () => {
    const memory = new addon.SharedMemory({
      name: undefined,
      cacheBytes: 1024,
      strictCapacity: false,
      highPriorityRatio: 0,
      writeBufferBytes: 1024,
    });
    expect(offered(memory)).toEqual(declared('NativeSharedMemory'));
    expect(Object.keys(memory.usage()).sort()).toEqual(declared('NativeMemoryUsage'));
  });

  test('what a live file and a family are described by', () =>
    withDb(async (db) => {
      db.put('a', '1');
      await db.flush();
      const [file] = await db.liveFiles();
      expect(Object.keys(file ?? {}).sort()).toEqual(declared('NativeLiveFile'));
      expect(Object.keys(db.columnFamily('default')).sort()).toEqual(declared('NativeColumnFamily'));
    }));
});
