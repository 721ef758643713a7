// Finds and loads the native binary: a local build first, else the prebuilt one that fits this platform.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeBindingError, RocksDBError } from '../errors.ts';
import type { NativeAddon } from './surface.ts';

const require = createRequire(import.meta.url);
const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

function shippedPlatforms(): string {
  try {
    return readdirSync(join(packageRoot, 'prebuilds')).join(', ');
  } catch {
    return 'none';
  }
}

function load(): NativeAddon {
  const nodeGypBuild: (root: string) => NativeAddon = require('node-gyp-build');
  try {
    const addon = nodeGypBuild(packageRoot);
    addon.setErrorClass(RocksDBError);
    return addon;
  } catch (cause) {
    throw new NativeBindingError(
      `No native binary of rockstate could be loaded for ${process.platform}-${process.arch} (shipped: ${shippedPlatforms()}); ` +
        'run `npx rockstate build` to build it from source.',
      { cause },
    );
  }
}

/** The addon of this JavaScript environment. */
export const addon: NativeAddon = load();
