// `npm run prebuild`: makes prebuilds/<platform>-<arch>/*.node and collects the licences of what is linked into it.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin, root, run, setUp } from './set-up.mjs';

/** Expects that set-up has been done. */
export function prebuild() {
  rmSync(join(root, 'prebuilds'), { recursive: true, force: true });
  const staging = join(root, 'build', 'prebuild');
  mkdirSync(staging, { recursive: true });
  cpSync(join(root, 'package.json'), join(staging, 'package.json'));
  run(bin('prebuildify'), ['--napi', '--strip', '--tag-libc', '--cwd', staging, '--out', root], {
    cwd: staging,
    env: { ...process.env, PREBUILD_NODE_GYP: join(root, 'scripts', 'prebuild-node-gyp.mjs') },
  });

  const cache = readFileSync(join(root, 'build', 'CMakeCache.txt'), 'utf8');
  const prefix = /^ROCKSTATE_DEPS_PREFIX:[A-Z]+=(.*)$/m.exec(cache)[1];
  const licenses = join(root, 'licenses');
  rmSync(licenses, { recursive: true, force: true });
  mkdirSync(licenses);
  cpSync(join(prefix, 'licenses'), licenses, { recursive: true });
  cpSync(join(root, 'node_modules', 'node-addon-api', 'LICENSE.md'), join(licenses, 'node-addon-api-LICENSE.md'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  prebuild();
}
