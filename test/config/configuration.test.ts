import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ConfigOptions } from '../../lib/config/config-option.ts';
import { Configuration } from '../../lib/config/configuration.ts';

const THREADS = ConfigOptions.key('threads').intType().defaultValue(2);
const NAME = ConfigOptions.key('name').stringType().noDefaultValue();
const LABELS = ConfigOptions.key('labels').mapType().noDefaultValue();

describe('a configuration', () => {
  it('answers the value, or else the default', () => {
    expect(new Configuration({ threads: '4' }).get(THREADS)).toBe(4);
    expect(new Configuration().get(THREADS)).toBe(2);
    expect(new Configuration().getOptional(THREADS)).toBeUndefined();
    expect(new Configuration().get(NAME)).toBeUndefined();
  });

  it('takes nested entries, which are flattened; what is null or undefined is not there', () => {
    const config = new Configuration({ a: { b: { c: 1 }, 'd.e': [2] }, f: null, g: undefined });
    expect(config.toObject()).toEqual({ 'a.b.c': 1, 'a.d.e': [2] });
  });

  it.each([[[]], ['text'], [null], [7]])('is not made from %j', (entries) => {
    expect(() => new Configuration(entries as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_CONFIGURATION' }),
    );
  });

  it('is a copy of the one it is made from', () => {
    const original = new Configuration({ threads: 4 });
    const copy = new Configuration(original).set(THREADS, 8);
    expect([original.get(THREADS), copy.get(THREADS)]).toEqual([4, 8]);
  });

  it('checks a value when it is set, or when the option is asked for', () => {
    const invalid = expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' });
    expect(() => new Configuration().set(THREADS, 'many')).toThrow(invalid);
    const config = new Configuration({ threads: 'many' });
    expect(() => config.get(THREADS)).toThrow(invalid);
    expect(() => config.get(THREADS)).toThrow('\'threads\' must be an integer of 32 bits; received "many"');
  });

  it('takes over the values of another, which win', () => {
    const config = new Configuration({ threads: 4, name: 'a' }).addAll(new Configuration({ threads: 8 }));
    expect(config.toObject()).toEqual({ threads: 8, name: 'a' });
  });

  it('reads a map also from the keys below its own', () => {
    const config = new Configuration({ labels: { team: 'a', 'cost.center': 7 } });
    expect(config.contains(LABELS)).toBe(true);
    expect(config.get(LABELS)).toEqual({ team: 'a', 'cost.center': '7' });
    expect(config.remove(LABELS)).toBe(true);
    expect(config.keys()).toEqual([]);
    expect(config.contains(LABELS)).toBe(false);
    expect(new Configuration({ labels: 'x:1', 'labels.y': 2 }).get(LABELS)).toEqual({ x: '1' });
  });
});

describe('an option with several keys', () => {
  it('is found by its own, then a deprecated, then a fallback key', () => {
    const option = THREADS.withDeprecatedKeys('older.threads', 'oldest.threads').withFallbackKeys('workers');
    const all = { workers: 1, 'oldest.threads': 2, 'older.threads': 3, threads: 4 };
    const keys = Object.keys(all);
    for (const [index, key] of keys.entries()) {
      const config = new Configuration(Object.fromEntries(Object.entries(all).slice(0, index + 1)));
      expect(config.get(option), key).toBe(index + 1);
      expect(config.contains(option)).toBe(true);
    }
  });

  it('is removed under all of them', () => {
    const option = THREADS.withDeprecatedKeys('older.threads').withFallbackKeys('workers');
    const config = new Configuration({ threads: 1, 'older.threads': 2, name: 'a' });
    expect(config.remove(option)).toBe(true);
    expect(config.remove(option)).toBe(false);
    expect(config.keys()).toEqual(['name']);
  });

  it('names the key that was used when its value is wrong', () => {
    const option = THREADS.withDeprecatedKeys('misnamed.threads');
    expect(() => new Configuration({ 'misnamed.threads': 'x' }).get(option)).toThrow(
      "Option 'misnamed.threads' must be",
    );
  });

  it('warns once of a deprecated key, never of the others', async () => {
    // Warnings of earlier tests are still on their way.
    await setImmediate();
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on('warning', listener);
    const option = THREADS.withDeprecatedKeys('once.threads').withFallbackKeys('workers');
    const config = new Configuration({ 'once.threads': 1 });
    config.get(option);
    config.get(option);
    new Configuration({ workers: 1 }).get(option);
    new Configuration({ threads: 1, 'once.threads': 2 }).get(option);
    await setImmediate();
    process.off('warning', listener);
    expect(warnings).toEqual([
      expect.objectContaining({
        name: 'DeprecationWarning',
        code: 'ROCKSTATE_DEPRECATED_OPTION',
        message: "Option 'once.threads' is deprecated; use 'threads'.",
      }),
    ]);
  });
});
