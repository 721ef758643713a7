// The examples of the guide pages: each page is one program, which compiles, and prints what its comments say.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectedOutput, programIn } from './doc-examples.ts';

const root = join(import.meta.dirname, '../..');
// Within the package, so that it imports itself by name.
const directory = join(root, 'build/doc-examples');
const tsc = join(root, 'node_modules/typescript/bin/tsc');

const pages: { readonly name: string; readonly program: string }[] = [];
for (const file of (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'))) {
  const program = programIn(await readFile(join(root, 'docs', file), 'utf8'));
  if (program !== '') {
    pages.push({ name: file.replace(/\.md$/, ''), program });
  }
}

function run(args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
}

beforeAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const { name, program } of pages) {
    await writeFile(join(directory, `${name}.ts`), program);
  }
  const options = { noEmit: false, noUnusedLocals: false, declaration: false, isolatedDeclarations: false };
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { ...options, rootDir: '.', outDir: '.' },
      include: ['*.ts'],
      exclude: [],
    }),
  );
});

describe('the examples of the guide', () => {
  it('are there', () => {
    expect(pages.map(({ name }) => name)).toContain('state');
  });

  it('compile', () => {
    try {
      run([tsc, '-p', '.']);
    } catch (error) {
      expect.fail((error as { stdout: string }).stdout);
    }
  });

  it.each(pages.map(({ name, program }) => [name, program]))('of %s print what their comments say', (name, program) => {
    const expected = expectedOutput(program);
    expect(expected.length).toBeGreaterThan(0);
    expect(
      run([`${name}.js`])
        .trimEnd()
        .split('\n'),
    ).toEqual(expected);
  });
});

describe('the job of the README', () => {
  it('counts words, and leaves no checkpoints when it has finished', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);
    const program = blocks.find((block) => block.includes('env.execute')) as string;
    await writeFile(join(directory, 'words.js'), program);
    await writeFile(join(directory, 'book.txt'), 'call me ishmael\ncall me later\n');
    const printed = run(['words.js']).trimEnd().split('\n');
    expect(printed).toEqual([
      "[ 'call', 1 ]",
      "[ 'me', 1 ]",
      "[ 'ishmael', 1 ]",
      "[ 'call', 2 ]",
      "[ 'me', 2 ]",
      "[ 'later', 1 ]",
    ]);
    const left = (await readdir(join(directory, 'checkpoints'))).filter((name) => name.startsWith('chk-'));
    expect(left).toEqual([]);
  });
});

describe('the check of examples', () => {
  const page =
    'Text.\n```ts\nconst a = 1;\n```\n```sh\nls\n```\n```ts\nconsole.log(a); // 1\nconsole.log(f(a), 2); // 3 2\n```\n';

  it('takes all that is TypeScript, and what it should print', () => {
    expect(programIn(page)).toBe('const a = 1;\n\nconsole.log(a); // 1\nconsole.log(f(a), 2); // 3 2\n');
    expect(expectedOutput(programIn(page))).toEqual(['1', '3 2']);
  });

  it('finds nothing where there is nothing', () => {
    expect(programIn('Text.\n```sh\nls\n```\n')).toBe('');
  });
});
