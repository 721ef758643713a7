// For every native option a value that is not its default, and what RocksDB then writes into its options file.
import { ENUMS } from '../../lib/options/enums.ts';
import type {
  BLOCK_TABLE_OPTION_TYPES,
  COLUMN_FAMILY_OPTION_TYPES,
  DB_OPTION_TYPES,
} from '../../lib/options/native-option-types.ts';
import type { NativeType } from '../../lib/options/native-options.ts';

/** What a setter is given, and what comes of it. */
export interface Sample {
  readonly value: unknown;
  /** As RocksDB writes it; of nested options the part that changes. */
  readonly written: string;
  /** Options without which RocksDB refuses the value, or does not take it over: setters and values, of any kind. */
  readonly needs?: Readonly<Record<string, unknown>>;
}

/** The value before, and the type by which another one is chosen. */
export function sampleOf(type: NativeType, before: string): Sample {
  if (type === 'boolean') {
    return text(before !== 'true');
  }
  if (type === 'integer') {
    return text(Number(before) + 1);
  }
  if (type === 'number') {
    const value = Number(before) / 2 + 0.0625;
    return { value, written: value.toFixed(6) };
  }
  if (!(type in ENUMS)) {
    throw new Error(`There is no sample of type ${type}.`);
  }
  const [value, written] = Object.entries(ENUMS[type as 'ChecksumType']).find(([, word]) => word !== before) ?? [];
  return { value, written: String(written) };
}

function text(value: unknown): Sample {
  return { value, written: String(value) };
}

function nested(part: string): Sample {
  return { value: `{${part};}`, written: `${part};` };
}

const WITHOUT_CONCURRENT_WRITES = { setAllowConcurrentMemtableWrite: false };

export const DB_SAMPLES: { readonly [N in keyof typeof DB_OPTION_TYPES]?: Sample } = {
  db_host_id: text('a-host'),
  file_checksum_gen_factory: text('FileChecksumGenCrc32cFactory'),
  lowest_used_cache_tier: text('kVolatileTier'),
  // RocksDB knows no more than this.
  max_bgerror_resume_count: text(5),
  // RocksDB takes at least 20.
  max_open_files: text(100),
  metadata_write_temperature: text('kWarm'),
  // RocksDB compresses its log with nothing else.
  wal_compression: { value: 'ZSTD_COMPRESSION', written: 'kZSTD' },
  wal_write_temperature: text('kCold'),
};

export const COLUMN_FAMILY_SAMPLES: { readonly [N in keyof typeof COLUMN_FAMILY_OPTION_TYPES]?: Sample } = {
  bottommost_compression_opts: nested('level=5'),
  compaction_options_fifo: nested('max_table_files_size=1000'),
  compaction_options_universal: nested('size_ratio=7'),
  compression_opts: nested('level=7'),
  compression_per_level: {
    value: ['NO_COMPRESSION', 'LZ4_COMPRESSION'],
    written: 'kNoCompression:kLZ4Compression',
  },
  default_temperature: text('kHot'),
  default_write_temperature: text('kCold'),
  inplace_update_support: { ...text(true), needs: WITHOUT_CONCURRENT_WRITES },
  last_level_temperature: text('kCold'),
  max_bytes_for_level_multiplier_additional: text('1:2:3:4:5:6:7'),
  memtable_factory: { value: 'VectorRepFactory', written: 'id=VectorRepFactory;', needs: WITHOUT_CONCURRENT_WRITES },
  memtable_insert_with_hint_prefix_extractor: text('rocksdb.FixedPrefix.4'),
  min_write_buffer_number_to_merge: { ...text(2), needs: { setMaxWriteBufferNumber: 3 } },
  prefix_extractor: text('rocksdb.FixedPrefix.4'),
  sst_partitioner_factory: text('{id=SstPartitionerFixedPrefixFactory;length=5;}'),
};

export const BLOCK_TABLE_SAMPLES: { readonly [N in keyof typeof BLOCK_TABLE_OPTION_TYPES]?: Sample } = {
  block_align: {
    ...text(true),
    needs: { setCompression: 'NO_COMPRESSION', setCompressionPerLevel: ['NO_COMPRESSION'] },
  },
  filter_policy: text('bloomfilter:12:false'),
  flush_block_policy_factory: text('FlushBlockEveryKeyPolicyFactory'),
  // 6 is the newest that there is, and the default.
  format_version: text(5),
  index_type: text('kTwoLevelIndexSearch'),
  metadata_cache_options: nested('unpartitioned_pinning=kAll'),
  partition_filters: { ...text(true), needs: { setIndexType: 'kTwoLevelIndexSearch' } },
};
