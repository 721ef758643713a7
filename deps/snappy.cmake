# Snappy: RocksDB's default block compression.
declare_dependency(snappy
  VERSION 1.2.2
  RELEASE_URL https://github.com/google/snappy/archive/refs/tags/1.2.2.tar.gz
  RELEASE_SHA256 90f74bc1fbf78a6c56b3c4a082a05103b3a56bb17bca1a27e052ea11723292dc
  DEBIAN_PACKAGE snappy
  DEBIAN_SHA256 90f74bc1fbf78a6c56b3c4a082a05103b3a56bb17bca1a27e052ea11723292dc
  LICENSES COPYING
  CMAKE_ARGS -DSNAPPY_BUILD_TESTS=OFF -DSNAPPY_BUILD_BENCHMARKS=OFF)
