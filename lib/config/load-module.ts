// What a configuration names by a module: a factory, say.
import { createRequire, isBuiltin } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { typeError } from '../errors.ts';

/**
 * Loads `./file.js`, `/path/file.js`, `package` or any of these with `#name`, and answers an instance of what the module
 * exports under that name, else by default: a class without constructor arguments, or an object. Paths are relative to the
 * current directory, packages are looked up from there.
 *
 * @param key - of the option, for messages.
 * @throws TypeError `ERR_INVALID_CONFIG_VALUE` when there is no such module or export, or its constructor throws.
 */
export async function loadConfigured(specifier: string, key: string): Promise<unknown> {
  const [, path = '', name = 'default'] = /^([^#]+)(?:#(.+))?$/.exec(specifier) ?? [];
  try {
    const loaded: Record<string, unknown> = await import(locate(path));
    const exported = loaded[name];
    if (typeof exported === 'function') {
      return new (exported as new () => unknown)();
    }
    if (typeof exported === 'object' && exported !== null) {
      return exported;
    }
    throw new Error(`it exports no class or object '${name}', but: ${Object.keys(loaded).join(', ') || 'nothing'}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = typeError(
      'ERR_INVALID_CONFIG_VALUE',
      `Option '${key}' names '${specifier}', which can't be loaded: ${reason}`,
    );
    throw Object.assign(error, { cause });
  }
}

function locate(path: string): string {
  if (path.startsWith('file:') || isBuiltin(path)) {
    return path;
  }
  if (isAbsolute(path) || /^\.\.?[\\/]/.test(path)) {
    return pathToFileURL(resolve(path)).href;
  }
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(path)).href;
  } catch {
    // A package for `import` alone is found from here, or not at all.
    return path;
  }
}
