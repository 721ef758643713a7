// `npm run bench -- <name> [arguments]`: sets up, compiles the benchmarks and runs one. Without a name it lists them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root, run, setUp } from '../scripts/set-up.mjs';

const compiled = join(root, 'build', 'bench');
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

const [name, ...args] = process.argv.slice(2);
if (!names.includes(name)) {
  const received = name === undefined ? '' : `There is no benchmark '${name}'. `;
  console.error(`${received}npm run bench -- <name> [--help]; there are: ${names.join(', ')}`);
  process.exit(1);
}
setUp();
run(bin('tsc'), ['-p', 'tsconfig.bench.json']);
// The compiled library looks for its addon from a package of its own, and is sent to the real one.
mkdirSync(compiled, { recursive: true });
writeFileSync(join(compiled, 'package.json'), JSON.stringify({ name: 'rockstate', type: 'module' }));
const done = spawnSync(process.execPath, ['--expose-gc', join(compiled, 'bench', `${name}.js`), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ROCKSTATE_PREBUILD: root },
});
process.exit(done.status ?? 1);
