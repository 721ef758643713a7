// Native metrics: one row each, from which the options, the gauges and the table in docs/metrics.md are made. The key is
// what follows state.backend.rocksdb.metrics. in the configuration; native-metric.ts says what a row may have.
/** Of each column family. */
export const PROPERTIES = {
  'num-immutable-mem-table': { doc: 'Memtables that wait for being flushed.' },
  'mem-table-flush-pending': { doc: '1 when a flush is pending, else 0.' },
  'compaction-pending': { doc: '1 when a compaction is pending, else 0.' },
  'background-errors': { doc: 'Failures of flushes and compactions.' },
  'cur-size-active-mem-table': { unit: 'bytes', doc: 'Size of the active memtable.' },
  'cur-size-all-mem-tables': { unit: 'bytes', doc: 'Size of the memtables that are not flushed yet.' },
  'size-all-mem-tables': { unit: 'bytes', doc: 'Size of all memtables, those pinned by readers included.' },
  'num-entries-active-mem-table': { doc: 'Entries in the active memtable.' },
  'num-entries-imm-mem-tables': { doc: 'Entries in the memtables that wait for being flushed.' },
  'num-deletes-active-mem-table': { doc: 'Deletions in the active memtable.' },
  'num-deletes-imm-mem-tables': { doc: 'Deletions in the memtables that wait for being flushed.' },
  'estimate-num-keys': { doc: 'Keys, roughly: overwritten and deleted ones may count.' },
  'estimate-table-readers-mem': { unit: 'bytes', doc: 'Memory of open files, without the block cache.' },
  'num-snapshots': { doc: 'Snapshots that are not released.' },
  'num-live-versions': { doc: 'Versions of the tree that somebody still reads.' },
  'estimate-live-data-size': { unit: 'bytes', doc: 'Size of what is not overwritten or deleted, roughly.' },
  'total-sst-files-size': { unit: 'bytes', doc: 'Size of all files, those of old versions included.' },
  'live-sst-files-size': { unit: 'bytes', doc: 'Size of the files of the newest version.' },
  'estimate-pending-compaction-bytes': { unit: 'bytes', doc: 'What compactions must rewrite to get levels to size.' },
  'num-running-compactions': { doc: 'Compactions that are running.' },
  'num-running-flushes': { doc: 'Flushes that are running.' },
  'actual-delayed-write-rate': { unit: 'bytes/s', doc: 'Rate that writes are slowed to; 0 when they are not.' },
  'is-write-stopped': { doc: '1 when writes are stopped, else 0.' },
  'block-cache-capacity': { unit: 'bytes', doc: 'Capacity of the block cache.' },
  'block-cache-usage': { unit: 'bytes', doc: 'What is in the block cache.' },
  'block-cache-pinned-usage': { unit: 'bytes', doc: 'What is in the block cache and in use.' },
  'num-files-at-level': { perLevel: true, doc: 'Files at a level: one metric each for levels 0 to 6.' },
  'num-immutable-mem-table-flushed': { own: true, doc: 'Flushed memtables that readers still hold.' },
  'obsolete-sst-files-size': {
    own: true,
    unit: 'bytes',
    doc: 'Size of files that are no longer needed, but not removed.',
  },
  'oldest-snapshot-time': { own: true, unit: 's', doc: 'Unix time of the oldest snapshot; 0 when there is none.' },
} as const;

/** Counters of the database, since it was opened. */
export const TICKERS = {
  'block-cache-hit': { rocksdb: 'rocksdb.block.cache.hit', doc: 'Blocks found in the block cache.' },
  'block-cache-miss': { rocksdb: 'rocksdb.block.cache.miss', doc: 'Blocks not found in the block cache.' },
  'bloom-filter-useful': { rocksdb: 'rocksdb.bloom.filter.useful', doc: 'Reads that a Bloom filter spared.' },
  'bloom-filter-full-positive': {
    rocksdb: 'rocksdb.bloom.filter.full.positive',
    doc: 'Reads that a Bloom filter did not spare.',
  },
  'bloom-filter-full-true-positive': {
    rocksdb: 'rocksdb.bloom.filter.full.true.positive',
    doc: 'Reads that a Bloom filter did not spare, and that found the key.',
  },
  'bytes-read': { rocksdb: 'rocksdb.bytes.read', unit: 'bytes', doc: 'Keys and values read by point reads.' },
  'iter-bytes-read': {
    rocksdb: 'rocksdb.db.iter.bytes.read',
    metric: 'rocksdb.iter_bytes_read',
    unit: 'bytes',
    doc: 'Keys and values read by iterators.',
  },
  'bytes-written': { rocksdb: 'rocksdb.bytes.written', unit: 'bytes', doc: 'Keys and values written.' },
  'compaction-read-bytes': { rocksdb: 'rocksdb.compact.read.bytes', unit: 'bytes', doc: 'Read by compactions.' },
  'compaction-write-bytes': { rocksdb: 'rocksdb.compact.write.bytes', unit: 'bytes', doc: 'Written by compactions.' },
  'stall-micros': {
    rocksdb: 'rocksdb.stall.micros',
    unit: 'us',
    doc: 'Time that writers waited for flush or compaction.',
  },
  'flush-write-bytes': { own: true, rocksdb: 'rocksdb.flush.write.bytes', unit: 'bytes', doc: 'Written by flushes.' },
  'number-keys-read': {
    own: true,
    rocksdb: 'rocksdb.number.keys.read',
    doc: 'Point reads, those of multi-gets aside.',
  },
  'number-keys-written': { own: true, rocksdb: 'rocksdb.number.keys.written', doc: 'Records written.' },
  'number-multiget-keys-read': {
    own: true,
    rocksdb: 'rocksdb.number.multiget.keys.read',
    doc: 'Keys read by multi-gets.',
  },
  'number-db-seek': { own: true, rocksdb: 'rocksdb.number.db.seek', doc: 'Seeks of iterators.' },
  'memtable-hit': { own: true, rocksdb: 'rocksdb.memtable.hit', doc: 'Reads answered by a memtable.' },
  'memtable-miss': { own: true, rocksdb: 'rocksdb.memtable.miss', doc: 'Reads that had to look into files.' },
  'block-cache-data-miss': {
    own: true,
    rocksdb: 'rocksdb.block.cache.data.miss',
    doc: 'Data blocks not in the cache.',
  },
  'block-cache-index-miss': {
    own: true,
    rocksdb: 'rocksdb.block.cache.index.miss',
    doc: 'Index blocks not in the cache.',
  },
  'block-cache-filter-miss': {
    own: true,
    rocksdb: 'rocksdb.block.cache.filter.miss',
    doc: 'Filter blocks not in the cache.',
  },
  'compaction-key-drop-user': {
    own: true,
    rocksdb: 'rocksdb.compaction.key.drop.user',
    doc: 'Entries dropped by a compaction filter, such as expired ones.',
  },
} as const;

/** Distributions, since the database was opened. */
export const HISTOGRAMS = {
  'db-get-micros': { own: true, rocksdb: 'rocksdb.db.get.micros', unit: 'us', doc: 'Duration of a point read.' },
  'db-write-micros': { own: true, rocksdb: 'rocksdb.db.write.micros', unit: 'us', doc: 'Duration of a write.' },
  'db-multiget-micros': {
    own: true,
    rocksdb: 'rocksdb.db.multiget.micros',
    unit: 'us',
    doc: 'Duration of a multi-get.',
  },
  'db-seek-micros': { own: true, rocksdb: 'rocksdb.db.seek.micros', unit: 'us', doc: 'Duration of a seek.' },
  'db-flush-micros': { own: true, rocksdb: 'rocksdb.db.flush.micros', unit: 'us', doc: 'Duration of a flush.' },
  'db-write-stall': {
    own: true,
    rocksdb: 'rocksdb.db.write.stall',
    unit: 'us',
    doc: 'How long a stalled write waited.',
  },
  'compaction-times-micros': {
    own: true,
    rocksdb: 'rocksdb.compaction.times.micros',
    unit: 'us',
    doc: 'Duration of a compaction.',
  },
  'sst-read-micros': {
    own: true,
    rocksdb: 'rocksdb.sst.read.micros',
    unit: 'us',
    doc: 'Duration of a read from a file.',
  },
  'bytes-per-read': { own: true, rocksdb: 'rocksdb.bytes.per.read', unit: 'bytes', doc: 'Size of a value read.' },
  'bytes-per-write': { own: true, rocksdb: 'rocksdb.bytes.per.write', unit: 'bytes', doc: 'Size of a write.' },
  'numfiles-in-singlecompaction': {
    own: true,
    rocksdb: 'rocksdb.numfiles.in.singlecompaction',
    doc: 'Files that a compaction reads.',
  },
  'read-num-merge-operands': {
    own: true,
    rocksdb: 'rocksdb.read.num.merge_operands',
    doc: 'Merge operands that a read joins, as of a list.',
  },
} as const;

/** Of the shared memory, where the backend has one; the names are fields of `MemoryUsage`. */
export const MEMORY = {
  'write-buffer-manager-usage': {
    own: true,
    rocksdb: 'writeBufferUsageBytes',
    metric: 'rocksdb.write-buffer-manager-usage',
    unit: 'bytes',
    doc: 'Memtables of all databases that share the memory.',
  },
  'write-buffer-manager-capacity': {
    own: true,
    rocksdb: 'writeBufferCapacityBytes',
    metric: 'rocksdb.write-buffer-manager-capacity',
    unit: 'bytes',
    doc: 'Size of memtables at which flushing begins.',
  },
} as const;
