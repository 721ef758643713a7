// `npm run check`: types, lint and format of TypeScript and C++, layering, docs. Says at the end what failed.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { requireSystemTools } from '../native/build.mjs';
import { bin, root, setUp } from './set-up.mjs';

function nativeFiles(endings) {
  return ['native', join('bench', 'floor')].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => endings.some((ending) => name.endsWith(ending)))
      .map((name) => join(folder, name)),
  );
}

function succeeds(command, args, stdio = 'inherit') {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio });
    child.on('error', () => resolve(false));
    child.on('exit', (status) => resolve(status === 0));
  });
}

// One process a file, as many at once as there are processors.
async function tidy() {
  const files = nativeFiles(['.cc']);
  let clean = true;
  const lane = async () => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) {
      // Findings go to the output; the error stream only counts what was left out.
      clean =
        (await succeeds('clang-tidy', ['-p', 'build', '--quiet', file], ['ignore', 'inherit', 'ignore'])) && clean;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return clean;
}

const CHECKS = {
  types: () => succeeds(bin('tsc'), ['-p', '.']),
  'lint and format of TypeScript': () => succeeds(bin('biome'), ['check', '--error-on-warnings', '.']),
  'format of C++': () => succeeds('clang-format', ['--dry-run', '--Werror', ...nativeFiles(['.cc', '.h'])]),
  'lint of C++': tidy,
  'house rules': () => succeeds(bin('vitest'), ['run', 'test/house']),
  'API documentation': () => succeeds(bin('typedoc'), []),
};

setUp();
requireSystemTools([
  { commands: ['clang-format'], package: 'clang-format' },
  { commands: ['clang-tidy'], package: 'clang-tidy' },
]);
const failures = [];
for (const [name, check] of Object.entries(CHECKS)) {
  console.log(`\n— ${name}`);
  if (!(await check())) {
    failures.push(name);
  }
}
console.log(failures.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failures.join(', ')}.`);
process.exit(failures.length === 0 ? 0 : 1);
