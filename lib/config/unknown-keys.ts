// Keys that no option has: most likely misspelt.
import leven from 'leven';
import type { ConfigOption } from './config-option.ts';
import type { Configuration } from './configuration.ts';
import { mapType } from './value-types.ts';

/** A key that no option has. */
export interface UnknownKey {
  readonly key: string;
  /** The key of the option that is spelt most alike. */
  readonly nearest: string;
}

/**
 * The keys of a configuration that begin with one of `prefixes` and belong to none of the options. Options of other kinds
 * and keys with another prefix, such as a factory's own, are not its business.
 */
export function findUnknownKeys(
  config: Configuration,
  options: Iterable<ConfigOption<unknown>>,
  prefixes: readonly string[],
): UnknownKey[] {
  const all = [...options];
  const known = new Set(all.flatMap(({ key, deprecatedKeys }) => [key, ...deprecatedKeys]));
  const maps = all.filter(({ type }) => type.name === mapType.name).map(({ key }) => `${key}.`);
  const startsWithOne = (key: string, of: readonly string[]) => of.some((prefix) => key.startsWith(prefix));
  return config
    .keys()
    .filter((key) => startsWithOne(key, prefixes) && !known.has(key) && !startsWithOne(key, maps))
    .map((key) => ({ key, nearest: nearestOf(key, known) }));
}

function nearestOf(key: string, known: Iterable<string>): string {
  const [nearest = { candidate: '' }] = Array.from(known, (candidate) => ({
    candidate,
    distance: leven(key, candidate),
  })).sort((a, b) => a.distance - b.distance);
  return nearest.candidate;
}
