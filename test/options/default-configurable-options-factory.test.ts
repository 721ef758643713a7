import { expect, test } from 'vitest';
import {
  DefaultConfigurableOptionsFactory,
  EmbeddedRocksDBStateBackend,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { withDirectory } from '../support/with-db.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);

test('a DefaultConfigurableOptionsFactory sets what code says, else the configuration, by the name of every option', () =>
  withDirectory(async ({ directory }) => {
    const factory = new DefaultConfigurableOptionsFactory()
      .setMaxBackgroundThreads(3)
      .setBlockSize('16kb')
      .setCompactionStyle('UNIVERSAL')
      .setUseBloomFilter(true)
      .setBloomFilterBitsPerKey(12);
    const backend = new EmbeddedRocksDBStateBackend()
      .configure({ 'state.backend.rocksdb.thread.num': 5, 'state.backend.rocksdb.files.open': 100 })
      .setRocksDBOptions(factory);
    await using keyed = await backend.createKeyedStateBackend({
      keyType: Types.INT,
      localDir: directory,
      states: [COUNT],
    });
    const { database, columnFamilies } = await keyed.effectiveOptions();
    expect(database.max_background_jobs).toEqual({ value: '3', source: 'factory' });
    expect(database.max_open_files).toEqual({ value: '100', source: 'factory' });
    const { options, tableOptions } = columnFamilies.count ?? {};
    expect(options?.compaction_style).toEqual({ value: 'kCompactionStyleUniversal', source: 'factory' });
    expect(tableOptions?.block_size).toEqual({ value: '16384', source: 'factory' });
    expect(tableOptions?.filter_policy).toEqual({ value: 'bloomfilter:12:false', source: 'factory' });
    expect(() => factory.setWriteBufferSize('0')).toThrow(/writebuffer\.size' must be .*, more than 0; received "0"/);
  }));
