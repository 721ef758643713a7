# Zstandard: dense block compression. Debian repacks the tarball, so its hash differs from the release's.
declare_dependency(zstd
  VERSION 1.5.7
  RELEASE_URL https://github.com/facebook/zstd/releases/download/v1.5.7/zstd-1.5.7.tar.gz
  RELEASE_SHA256 eb33e51f49a15e023950cd7825ca74a4a2b43db8354825ac24fc1b7ee09e6fa3
  DEBIAN_PACKAGE libzstd
  DEBIAN_SHA256 0c092ef267edce57ba7f3f2645c861f72eaf5e76273c6c3632869423464b90a5
  CMAKE_SUBDIR build/cmake
  LICENSES LICENSE
  CMAKE_ARGS
    -DZSTD_BUILD_PROGRAMS=OFF -DZSTD_BUILD_SHARED=OFF -DZSTD_BUILD_STATIC=ON -DZSTD_BUILD_TESTS=OFF
    -DZSTD_LEGACY_SUPPORT=OFF)
