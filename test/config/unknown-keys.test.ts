import { describe, expect, it } from 'vitest';
import { ConfigOptions } from '../../lib/config/config-option.ts';
import { Configuration } from '../../lib/config/configuration.ts';
import { findUnknownKeys } from '../../lib/config/unknown-keys.ts';

const options = [
  ConfigOptions.key('state.backend.type').stringType().noDefaultValue().withDeprecatedKeys('state.backend'),
  ConfigOptions.key('state.backend.rocksdb.thread.num').intType().noDefaultValue(),
  ConfigOptions.key('state.backend.rocksdb.log.dir').stringType().noDefaultValue(),
  ConfigOptions.key('state.labels').mapType().noDefaultValue(),
];

describe('keys that no option has', () => {
  it('are found, with the one that is spelt most alike', () => {
    const config = new Configuration({
      'state.backend.rocksdb.thread.nun': 4,
      'state.backend.rocksdb.logdir': '/x',
      'state.backend.typ': 'rocksdb',
    });
    expect(findUnknownKeys(config, options, ['state.'])).toEqual([
      { key: 'state.backend.rocksdb.thread.nun', nearest: 'state.backend.rocksdb.thread.num' },
      { key: 'state.backend.rocksdb.logdir', nearest: 'state.backend.rocksdb.log.dir' },
      { key: 'state.backend.typ', nearest: 'state.backend.type' },
    ]);
  });

  it('are not the deprecated ones, nor those of a map', () => {
    const config = new Configuration({ 'state.backend': 'rocksdb', 'state.labels': { team: 'a', 'cost.center': 1 } });
    expect(findUnknownKeys(config, options, ['state.'])).toEqual([]);
  });

  it('only count below the prefixes', () => {
    const config = new Configuration({ 'my.state.thing': 1, 'other.x': 1 });
    expect(findUnknownKeys(config, options, ['state.', 'other.'])).toEqual([
      { key: 'other.x', nearest: expect.any(String) },
    ]);
  });
});
