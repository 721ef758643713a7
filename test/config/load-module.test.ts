import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfigured } from '../../lib/config/load-module.ts';

const url = new URL('../fixtures/modules/several-exports.mjs', import.meta.url);
const path = fileURLToPath(url);
const KEY = 'my.factory';

function refusal(...parts: string[]): unknown {
  const message = expect.stringMatching(new RegExp(["'my\\.factory'", ...parts].join('.*'), 's'));
  return expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE', message });
}

describe('a module that a configuration names', () => {
  it.each([
    ['an absolute path', path, 'default class'],
    ['a path from the current directory', `./${relative(process.cwd(), path)}`, 'default class'],
    ['a URL', url.href, 'default class'],
    ['a path and a class', `${path}#Named`, 'named class'],
    ['a URL and a class', `${url.href}#Named`, 'named class'],
    ['a path and an object', `${path}#object`, 'object'],
  ])('may be %s', async (_what, specifier, kind) => {
    expect(await loadConfigured(specifier, KEY)).toMatchObject({ kind });
  });

  it('may be a package, looked up from the current directory', async () => {
    expect(await loadConfigured('yaml#Document', KEY)).toMatchObject({ commentBefore: null });
  });

  it('may be one of Node.js', async () => {
    expect(await loadConfigured('node:events#EventEmitter', KEY)).toHaveProperty('emit');
  });

  it('gives another instance each time', async () => {
    expect(await loadConfigured(path, KEY)).not.toBe(await loadConfigured(path, KEY));
  });

  it.each([
    ['that is not there', './no/such/file.mjs', ['no/such/file\\.mjs', "can't be loaded"]],
    ['of a package that is not there', 'no-such-package-of-ours', ['no-such-package-of-ours', "can't be loaded"]],
    ['without that export', `${path}#Nmaed`, ["'Nmaed', but: ", 'Named']],
    ['that exports something else', `${path}#text`, ["exports no class or object 'text'"]],
    ['that fails to load', fileURLToPath(new URL('broken.mjs', url)), ["can't be loaded: Artificial failure"]],
    ['whose class fails to be made', `${path}#Failing`, ['Failing', 'Artificial failure']],
    ['of no name', '', ["''"]],
    ['of a name alone', '#Named', ["'#Named'"]],
  ])('%s is refused, naming it', async (_what, specifier, parts) => {
    await expect(loadConfigured(specifier, KEY)).rejects.toThrow(refusal(...parts) as never);
  });

  it('is refused with the cause', async () => {
    const error = await loadConfigured(fileURLToPath(new URL('broken.mjs', url)), KEY).catch((each: Error) => each);
    expect((error as Error).cause).toMatchObject({ message: 'Artificial failure' });
  });
});
