# RocksDB: the storage engine. Debian's source tarball is the release tarball, byte for byte.
declare_dependency(rocksdb
  VERSION 9.10.0
  RELEASE_URL https://github.com/facebook/rocksdb/archive/refs/tags/v9.10.0.tar.gz
  RELEASE_SHA256 fdccab16133c9d927a183c2648bcea8d956fb41eb1df2aacaa73eb0b95e43724
  DEBIAN_PACKAGE rocksdb
  DEBIAN_SHA256 fdccab16133c9d927a183c2648bcea8d956fb41eb1df2aacaa73eb0b95e43724
  SOURCE_OVERRIDE ROCKSDB_SOURCE_DIR
  LICENSES LICENSE.Apache LICENSE.leveldb
  BUILD_TARGET rocksdb
  # What its public header for memtables only names.
  PRIVATE_HEADERS db/lookup_key.h memory/allocator.h memory/arena.h port/mmap.h
  # Unity build: a third of the CPU time, no source changes. Without the perf context, whose counters nobody reads: to find
  # it anew at each count costs a library that is loaded at run time a quarter of a read. What the I/O statistics count is
  # in metrics of compactions. Hidden, as in the addon: calls within RocksDB need not go through a table.
  CMAKE_ARGS
    -DWITH_PERF_CONTEXT=OFF -DCMAKE_CXX_VISIBILITY_PRESET=hidden -DCMAKE_VISIBILITY_INLINES_HIDDEN=ON
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=16
    -DROCKSDB_BUILD_SHARED=OFF -DPORTABLE=1 -DUSE_RTTI=ON -DFAIL_ON_WARNINGS=OFF
    -DWITH_SNAPPY=ON -DWITH_LZ4=ON -DWITH_ZSTD=ON -DWITH_ZLIB=OFF -DWITH_BZ2=OFF
    -DWITH_GFLAGS=OFF -DWITH_TESTS=OFF -DWITH_BENCHMARK_TOOLS=OFF -DWITH_CORE_TOOLS=OFF
    -DWITH_TOOLS=OFF -DWITH_TRACE_TOOLS=OFF -DWITH_LIBURING=OFF -DWITH_NUMA=OFF
    -DWITH_JEMALLOC=OFF -DWITH_TBB=OFF)
