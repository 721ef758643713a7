// What Flink's RocksDBStateBackendConfigTest refuses is refused where the configuration comes in.
import { describe, expect, it } from 'vitest';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';

const PREFIX = 'state.backend.rocksdb.';

const ILLEGAL: readonly (readonly [numbers: string, key: string, ...values: unknown[]])[] = [
  ['T101', 'thread.num', '-1', '0', 'two', 1.5],
  ['T102', 'log.level', 'DEBUG', 'NUM_INFO_LOG_LEVELS', ''],
  ['T103', 'log.dir', 'tmp/rocksdb-logs/', './logs'],
  ['T104', 'log.dir', ''],
  ['T105', 'log.file-num', '0', '-1'],
  ['T106', 'log.max-file-size', '-1KB'],
  ['T107', 'writebuffer.count', '-1', '0'],
  ['T108', 'writebuffer.number-to-merge', '-1', '0'],
  ['T109', 'compaction.level.target-file-size-base', '0KB'],
  ['T110', 'compaction.level.max-size-level-base', '1BB', '0'],
  ['T111', 'writebuffer.size', '-1KB', '0'],
  ['T112', 'block.blocksize', '0MB'],
  ['T113', 'block.metadata-blocksize', '0MB'],
  ['T114', 'block.cache-size', '0'],
  ['T115', 'compaction.level.use-dynamic-size', '1', 'yes'],
  ['T116', 'compaction.style', 'LEV', 'kCompactionStyleLevel'],
  ['T117', 'compression.per.level', 'SNAP', 'NO_COMPRESSION;SNAP', 'NO_COMPRESSION,LZ4_COMPRESSION'],
  ['T118', 'use-bloom-filter', 'NO'],
  ['T119', 'bloom-filter.block-based-mode', 'YES'],
  ['T120', 'restore-overlap-fraction-threshold', '2', '-0.1'],
  ['T121', 'compaction.filter.periodic-compaction-time', '-1s'],
  ['T122', 'compaction.filter.query-time-after-num-entries', '1.1'],
  ['', 'bloom-filter.bits-per-key', '-1', 'ten'],
  ['', 'timer-service.factory', 'DISK'],
  ['', 'timer-service.cache-size', '0', '-1'],
  ['', 'predefined-options', 'FASTEST'],
  ['', 'write-batch-size', '-1'],
  ['', 'checkpoint.transfer.thread.num', 'four'],
  ['', 'memory.managed', 'sometimes'],
  ['', 'memory.fixed-per-tm', '-1'],
  ['', 'use-ingest-db-restore-mode', '1'],
  ['', 'rescaling.use-delete-files-in-range', '1'],
  ['', 'incremental-restore-async-compact-after-rescale', '1'],
];

const cases = ILLEGAL.flatMap(([number, key, ...values]) => values.map((value) => ({ number, key, value })));

describe('configure() refuses', () => {
  it.each(cases)('$number $key = $value, naming both', ({ key, value }) => {
    const backend = new EmbeddedRocksDBStateBackend();
    const configure = () => backend.configure({ [PREFIX + key]: value });
    expect(configure).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }));
    expect(configure).toThrow(`Option '${PREFIX}${key}' must be `);
    expect(configure).toThrow(`received ${typeof value === 'string' ? JSON.stringify(value) : value}.`);
  });

  it('a bad value of checkpoints', () => {
    expect(() => new EmbeddedRocksDBStateBackend().configure({ 'state.backend.incremental': 'x' })).toThrow(
      expect.objectContaining({ message: expect.stringContaining("'state.backend.incremental'") }),
    );
  });

  it('bad directories', () => {
    for (const localdir of ['relative/path', 's3://bucket/path', '/tmp,relative']) {
      const configure = () => new EmbeddedRocksDBStateBackend().configure({ [`${PREFIX}localdir`]: localdir });
      expect(configure, localdir).toThrow(expect.objectContaining({ code: 'ERR_INVALID_LOCAL_DIRECTORY' }));
    }
  });

  it('a combination that leaves no room (T130)', () => {
    const entries = {
      [`${PREFIX}memory.fixed-per-slot`]: '128MB',
      [`${PREFIX}memory.write-buffer-ratio`]: 0.6,
      [`${PREFIX}memory.high-prio-pool-ratio`]: 0.6,
    };
    expect(() => new EmbeddedRocksDBStateBackend().configure(entries)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_MEMORY_RATIO' }),
    );
  });
});
