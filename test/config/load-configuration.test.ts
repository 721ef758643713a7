import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../lib/config/load-configuration.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-test-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function load(options: Parameters<typeof loadConfiguration>[0] = {}): Promise<Record<string, unknown>> {
  return (await loadConfiguration({ env: {}, ...options })).toObject();
}

describe('a configuration is loaded', () => {
  it('from config.yaml', async () => {
    await writeFile(join(directory, 'config.yaml'), 'state:\n  backend.type: rocksdb\n');
    expect(await load({ directory })).toEqual({ 'state.backend.type': 'rocksdb' });
  });

  it('from flink-conf.yaml when there is no config.yaml', async () => {
    await writeFile(join(directory, 'flink-conf.yaml'), "a: 'flat' # not YAML\n");
    expect(await load({ directory })).toEqual({ a: "'flat'" });
    await writeFile(join(directory, 'config.yaml'), "b: 'standard'\n");
    expect(await load({ directory })).toEqual({ b: 'standard' });
  });

  it('from the directory of FLINK_CONF_DIR, unless another is given', async () => {
    await writeFile(join(directory, 'config.yaml'), 'a: 1\n');
    const other = join(directory, 'other');
    await mkdir(other);
    await writeFile(join(other, 'config.yaml'), 'a: 2\n');
    const env = { FLINK_CONF_DIR: directory };
    expect(await load({ env })).toEqual({ a: '1' });
    expect(await load({ env, directory: other })).toEqual({ a: '2' });
  });

  it('from a file, then the environment, then the command line: later ones win', async () => {
    await writeFile(join(directory, 'config.yaml'), 'a: file\nb: file\nc: file\n');
    const env = { FLINK_PROPERTIES: 'b: environment\nc: environment\n\n' };
    expect(await load({ directory, env, args: ['x', '-Dc=argument'] })).toEqual({
      a: 'file',
      b: 'environment',
      c: 'argument',
    });
  });

  it('from nowhere: then it is empty', async () => {
    expect(await load()).toEqual({});
  });
});

describe('what can not be loaded is named:', () => {
  function refusal(message: string | RegExp) {
    return expect.objectContaining({ code: 'ERR_INVALID_CONFIGURATION', message: expect.stringMatching(message) });
  }

  it('a directory that does not exist, is none, or holds no configuration', async () => {
    const missing = join(directory, 'missing');
    await expect(load({ directory: missing })).rejects.toThrow(refusal(`${missing} does not exist`));
    await expect(load({ directory })).rejects.toThrow(refusal(`${directory} holds neither`));
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(load({ directory: file })).rejects.toThrow(refusal(`${file} is no directory`));
  });

  it('a file that can not be read', async () => {
    await mkdir(join(directory, 'config.yaml'));
    await expect(load({ directory })).rejects.toThrow(refusal(`${join(directory, 'config.yaml')} can't be read`));
  });

  it('a file that is no YAML, no mapping, or lacks a value', async () => {
    const path = join(directory, 'config.yaml');
    await writeFile(path, 'a: [\n');
    await expect(load({ directory })).rejects.toThrow(refusal(`${path} is no valid YAML: `));
    await writeFile(path, '- a\n');
    await expect(load({ directory })).rejects.toThrow(refusal(`${path} must hold keys and values`));
    await writeFile(path, 'a:\n  b:\n');
    await expect(load({ directory })).rejects.toThrow(refusal(`${path} is no valid YAML: the key 'b' has no value`));
  });

  it('a line of FLINK_PROPERTIES', async () => {
    await expect(load({ env: { FLINK_PROPERTIES: 'a: b\nc=d' } })).rejects.toThrow(
      refusal('^Line 2 of FLINK_PROPERTIES must be'),
    );
  });
});
