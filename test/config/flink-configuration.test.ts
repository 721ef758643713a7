// The same texts and files, read by a released Flink and by us.
import { describe, expect, it } from 'vitest';
import { Configuration } from '../../lib/config/configuration.ts';
import { parseDuration } from '../../lib/config/duration.ts';
import { parseMemorySize } from '../../lib/config/memory-size.ts';
import { parseYamlConfiguration } from '../../lib/config/yaml-file.ts';
import {
  answerOf,
  DIFFERENCE_NAMES,
  differing,
  goldenOption,
  goldens,
  OPTION_TYPES,
  type Reading,
} from '../support/configuration-goldens.ts';

const memorySizes: readonly Reading[] = goldens.memorySizes.map(([text, flink]) => {
  return { type: 'memory', text, flink, ours: answerOf(() => parseMemorySize(text)) };
});

const durations: readonly Reading[] = goldens.durations.map(([text, flink]) => {
  return { type: 'duration', text, flink, ours: answerOf(() => parseDuration(text)) };
});

const options: readonly Reading[] = goldens.options.map(([type, text, flink]) => {
  return { type, text, flink, ours: answerOf(() => new Configuration({ k: text }).get(goldenOption(type, 'k'))) };
});

const loaded = goldens.files.map(({ yaml, refused = false, values = {} }) => ({
  yaml,
  refused,
  values,
  ours: answerOf(() => parseYamlConfiguration(yaml, 'config.yaml')) as Configuration | undefined,
}));

const inFiles: readonly Reading[] = loaded.flatMap(({ yaml, values, ours }) =>
  ours === undefined
    ? []
    : Object.entries(values).flatMap(([key, readings]) =>
        OPTION_TYPES.map((type) => {
          const reading = answerOf(() => ours.get(goldenOption(type, key)));
          return { type, text: yaml, flink: readings[type], ours: reading };
        }),
      ),
);

describe('what Flink reads, we read alike:', () => {
  it.each([
    ['memory sizes', memorySizes, 50],
    ['durations', durations, 70],
    ['options of every type', options, 500],
    ['values of files', inFiles, 1500],
  ])('%s', (_what, readings, atLeast) => {
    expect(readings.length).toBeGreaterThan(atLeast);
    expect(readings.filter(({ ours }) => ours !== undefined).length).toBeGreaterThan(atLeast / 10);
    expect(differing(readings).unexplained).toEqual([]);
  });

  it('every difference that is allowed is one', () => {
    const found = differing([...options, ...inFiles]);
    expect(Object.keys(found).sort()).toEqual([...DIFFERENCE_NAMES, 'unexplained'].sort());
  });

  // Flink drops what it can't make a list of, and goes on with the text.
  it('files, except that a list has no nulls', () => {
    const disagreed = loaded.filter(({ refused, ours }) => refused !== (ours === undefined));
    expect(disagreed.map(({ yaml }) => yaml)).toEqual(['a: [null, b]\n']);
  });

  it('the keys of files', () => {
    const both = loaded.filter(({ ours }) => ours !== undefined);
    expect(both.length).toBeGreaterThan(50);
    for (const { values, ours } of both) {
      // A mapping can be read under a prefix of keys, which is none itself.
      const keys = Object.keys(values).filter((key) => values[key]?.string !== undefined);
      expect(ours?.keys().sort()).toEqual(keys.sort());
    }
  });
});
