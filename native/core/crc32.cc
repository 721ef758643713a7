#include "crc32.h"

#include <array>
#include <cstddef>

#if defined(__x86_64__) && defined(__GNUC__)
#define ROCKSTATE_HAS_CLMUL
#include <immintrin.h>
#endif

namespace rockstate {
namespace {

// Bytes that one step takes without special instructions, each with a table of its own ("slicing").
constexpr size_t kStride = 16;
constexpr uint32_t kPolynomial = 0xedb88320;

using Tables = std::array<std::array<uint32_t, 256>, kStride>;

// tables[n][b]: what byte b, with n bytes behind it, does to the checksum.
constexpr Tables MakeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; bit++) {
      value = (value & 1) != 0 ? (value >> 1) ^ kPolynomial : value >> 1;
    }
    tables[0][byte] = value;
  }
  for (size_t behind = 1; behind < kStride; behind++) {
    for (size_t byte = 0; byte < 256; byte++) {
      const uint32_t value = tables[behind - 1][byte];
      tables[behind][byte] = (value >> 8) ^ tables[0][value & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

// `value` is the checksum inverted, here and below.
uint32_t AddByTables(uint32_t value, const uint8_t* next, const uint8_t* end) {
  for (; end - next >= static_cast<ptrdiff_t>(kStride); next += kStride) {
    uint32_t folded = 0;
    for (size_t at = 0; at < kStride; at++) {
      // The first four bytes meet the checksum of what was before.
      const uint32_t before = at < sizeof(value) ? (value >> (8 * at)) & 0xff : 0;
      folded ^= kTables[kStride - 1 - at][next[at] ^ before];
    }
    value = folded;
  }
  for (; next != end; next++) {
    value = (value >> 8) ^ kTables[0][(value ^ *next) & 0xff];
  }
  return value;
}

#ifdef ROCKSTATE_HAS_CLMUL
#define ROCKSTATE_CLMUL __attribute__((target("pclmul,sse4.1")))

constexpr size_t kBlock = 16;
constexpr size_t kFolded = 4 * kBlock;

// Powers of x modulo the polynomial, bits reversed: those that move a block over so many bits.
constexpr int64_t kMove512High = 0x154442bd4;
constexpr int64_t kMove512Low = 0x1c6e41596;
constexpr int64_t kMove128High = 0x1751997d0;
constexpr int64_t kMove128Low = 0x0ccaa009e;
constexpr int64_t kMove64 = 0x163cd6124;
// The polynomial, and its inverse for the reduction after Barrett.
constexpr int64_t kModulus = 0x1db710641;
constexpr int64_t kInverse = 0x1f7011641;

// A template does not take the type itself without a warning.
struct Lane {
  __m128i block;
};

ROCKSTATE_CLMUL inline __m128i Load(const uint8_t* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

// Moves a block to where `next` is, and adds it there.
ROCKSTATE_CLMUL inline __m128i Fold(__m128i block, __m128i powers, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(block, powers, 0x00);
  const __m128i high = _mm_clmulepi64_si128(block, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// What is left of a block when it is divided by the polynomial.
ROCKSTATE_CLMUL inline uint32_t Reduce(__m128i block, __m128i powers) {
  const __m128i low_words = _mm_setr_epi32(-1, 0, -1, 0);
  // 128 bits to 64 …
  __m128i moved = _mm_clmulepi64_si128(block, powers, 0x10);
  block = _mm_xor_si128(_mm_srli_si128(block, 8), moved);
  // … to 32 and what is above …
  moved = _mm_clmulepi64_si128(_mm_and_si128(block, low_words), _mm_cvtsi64_si128(kMove64), 0x00);
  block = _mm_xor_si128(_mm_srli_si128(block, 4), moved);
  // … to 32.
  const __m128i divisor = _mm_set_epi64x(kInverse, kModulus);
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(block, low_words), divisor, 0x10);
  quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_words), divisor, 0x00);
  return static_cast<uint32_t>(_mm_extract_epi32(_mm_xor_si128(block, quotient), 1));
}

// Of whole blocks, at least four, with products of polynomials (Gopal and others, "Fast CRC
// Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009).
ROCKSTATE_CLMUL uint32_t AddByProducts(uint32_t value, const uint8_t* next, const uint8_t* end) {
  std::array<Lane, 4> lanes{};
  for (size_t lane = 0; lane < lanes.size(); lane++) {
    lanes[lane].block = Load(next + lane * kBlock);
  }
  lanes[0].block = _mm_xor_si128(lanes[0].block, _mm_cvtsi32_si128(static_cast<int>(value)));
  next += kFolded;
  const __m128i by_512 = _mm_set_epi64x(kMove512Low, kMove512High);
  for (; end - next >= static_cast<ptrdiff_t>(kFolded); next += kFolded) {
    for (size_t lane = 0; lane < lanes.size(); lane++) {
      lanes[lane].block = Fold(lanes[lane].block, by_512, Load(next + lane * kBlock));
    }
  }
  const __m128i by_128 = _mm_set_epi64x(kMove128Low, kMove128High);
  __m128i folded = lanes[0].block;
  for (size_t lane = 1; lane < lanes.size(); lane++) {
    folded = Fold(folded, by_128, lanes[lane].block);
  }
  for (; next != end; next += kBlock) {
    folded = Fold(folded, by_128, Load(next));
  }
  return Reduce(folded, by_128);
}
#endif

}  // namespace

uint32_t Crc32(uint32_t checksum, const rocksdb::Slice& bytes) {
  uint32_t value = ~checksum;
  const auto* next = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* const end = next + bytes.size();
#ifdef ROCKSTATE_HAS_CLMUL
  static const bool can_multiply =
      __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
  if (can_multiply && bytes.size() >= kFolded) {
    const size_t whole = bytes.size() / kBlock * kBlock;
    value = AddByProducts(value, next, next + whole);
    next += whole;
  }
#endif
  return ~AddByTables(value, next, end);
}

}  // namespace rockstate
