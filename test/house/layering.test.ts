import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RANKS, violations } from './layering.ts';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));
const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.split(sep).join('/'));

test('imports in lib/ go downward', () => {
  expect(files.length).toBeGreaterThan(10);
  expect(files.flatMap((file) => violations(file, readFileSync(join(lib, file), 'utf8')))).toEqual([]);
});

test('every folder of lib/ has a rank', () => {
  const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0] ?? ''));
  expect([...folders].filter((folder) => !(folder in RANKS))).toEqual([]);
});

describe('the check', () => {
  test.each([
    ['upward', 'state/map.ts', "import { x } from '../backend/y.ts';", 'upward, from rank 3 to 5'],
    ['sideways', 'state/map.ts', "import { x } from '../heap/y.ts';", 'sideways, both are of rank 3'],
    ['of types, which count as well', 'api/a.ts', "import type { X } from '../bytes/x.ts';", 'upward'],
    ['for its effect', 'api/a.ts', "import '../bytes/x.ts';", 'upward'],
    ['re-exported', 'bytes/a.ts', "export { x } from '../keys/x.ts';", 'upward'],
    ['re-exported as a whole', 'bytes/a.ts', "export * from '../keys/x.ts';", 'upward'],
    ['over several lines', 'bytes/a.ts', "import {\n  a,\n  b,\n} from '../keys/x.ts';", 'upward'],
    ['at run time', 'bytes/a.ts', "const x = await import('../keys/x.ts');", 'upward'],
    ['after another statement', 'bytes/a.ts', "f();import { x } from '../keys/x.ts';", 'upward'],
    ['from a deeper folder', 'bytes/deep/a.ts', "import { x } from '../../keys/x.ts';", 'upward'],
    ['of an entry file', 'backend/a.ts', "import { x } from '../index.ts';", 'no folder with a rank'],
    [
      'from a folder without a rank',
      'misc/a.ts',
      "import { x } from '../api/x.ts';",
      "'misc' is no folder with a rank",
    ],
    ['by errors.ts', 'errors.ts', "import { x } from './api/x.ts';", 'errors.ts imports nothing'],
  ])('finds an import %s', (_what, path, source, reason) => {
    const found = violations(path, `// A file.\n${source}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  test.each([
    ['downward', 'backend/a.ts', "import { x } from '../state/x.ts';"],
    ['within its folder', 'state/a.ts', "import { x } from './x.ts';"],
    ['within its folder, from deeper', 'state/deep/a.ts', "import { x } from '../x.ts';"],
    ['of errors.ts', 'api/a.ts', "import { x } from '../errors.ts';"],
    ['of a package', 'api/a.ts', "import { x } from 'node:fs';"],
    ['by an entry file', 'index.ts', "export { x } from './job/x.ts';"],
  ])('allows an import %s', (_what, path, source) => {
    expect(violations(path, `${source}\n`)).toEqual([]);
  });

  test('finds each of several', () => {
    const source = "import { a } from '../keys/a.ts';\nimport { b } from './b.ts';\nimport { c } from '../job/c.ts';\n";
    expect(violations('bytes/a.ts', source)).toHaveLength(2);
  });
});
