#include "snappy_frames.h"

#include <cstdint>
#include <cstring>

#include "snappy.h"

// RocksDB's own, which uses the processor's instructions; its header is not installed.
namespace rocksdb::crc32c {
uint32_t Extend(uint32_t init_crc, const char* data, size_t n);
}

namespace rockstate {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

constexpr uint8_t kCompressed = 0x00;
constexpr uint8_t kPlain = 0x01;
constexpr uint8_t kFirstSkippable = 0x80;
constexpr uint8_t kIdentifier = 0xff;
constexpr char kMagic[] = "sNaPpY";
constexpr size_t kMagicBytes = sizeof(kMagic) - 1;
constexpr size_t kChecksumBytes = 4;
// A block that does not become smaller than this share of itself is kept plain, as in Flink.
constexpr double kWorthwhile = 0.85;

uint32_t MaskedChecksum(const Slice& data) {
  const uint32_t crc = rocksdb::crc32c::Extend(0, data.data(), data.size());
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

void AppendLittleEndian(uint32_t value, size_t bytes, std::string* out) {
  for (size_t i = 0; i < bytes; ++i) {
    out->push_back(static_cast<char>(value >> (8 * i)));
  }
}

uint32_t ReadLittleEndian(const char* bytes, size_t count) {
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    value |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])) << (8 * i);
  }
  return value;
}

void AppendChunk(uint8_t type, const Slice& data, uint32_t checksum, std::string* stream) {
  stream->push_back(static_cast<char>(type));
  AppendLittleEndian(static_cast<uint32_t>(data.size() + kChecksumBytes), 3, stream);
  AppendLittleEndian(checksum, kChecksumBytes, stream);
  stream->append(data.data(), data.size());
}

}  // namespace

void AppendStreamIdentifier(std::string* stream) {
  stream->push_back(static_cast<char>(kIdentifier));
  AppendLittleEndian(kMagicBytes, 3, stream);
  stream->append(kMagic, kMagicBytes);
}

void AppendFrame(const Slice& block, std::string* stream) {
  std::string compressed;
  snappy::Compress(block.data(), block.size(), &compressed);
  const bool is_worthwhile =
      static_cast<double>(compressed.size()) <= kWorthwhile * static_cast<double>(block.size());
  const uint32_t checksum = MaskedChecksum(block);
  if (is_worthwhile) {
    AppendChunk(kCompressed, compressed, checksum, stream);
  } else {
    AppendChunk(kPlain, block, checksum, stream);
  }
}

Status ReadChunkHeader(const Slice& bytes, ChunkHeader* header) {
  header->type = static_cast<uint8_t>(bytes[0]);
  header->length = ReadLittleEndian(bytes.data() + 1, 3);
  const bool holds_data = header->type == kCompressed || header->type == kPlain;
  if (holds_data &&
      (header->length < kChecksumBytes ||
       header->length > kChecksumBytes + snappy::MaxCompressedLength(kFrameBlockBytes))) {
    return Status::Corruption("a Snappy chunk of " + std::to_string(header->length) + " bytes");
  }
  if (header->type == kIdentifier && header->length != kMagicBytes) {
    return Status::Corruption("a Snappy stream identifier of " + std::to_string(header->length) +
                              " bytes");
  }
  if (!holds_data && header->type < kFirstSkippable) {
    return Status::Corruption("a Snappy chunk of the reserved type " +
                              std::to_string(header->type));
  }
  return Status::OK();
}

Status ReadChunk(const ChunkHeader& header, const Slice& body, std::string* block) {
  block->clear();
  if (header.type == kIdentifier && std::memcmp(body.data(), kMagic, kMagicBytes) != 0) {
    return Status::Corruption("a Snappy stream identifier that is none");
  }
  if (header.type != kCompressed && header.type != kPlain) {
    return Status::OK();
  }
  const Slice data(body.data() + kChecksumBytes, body.size() - kChecksumBytes);
  size_t length = data.size();
  if (header.type == kPlain) {
    block->assign(data.data(), data.size());
  } else if (!snappy::GetUncompressedLength(data.data(), data.size(), &length)) {
    return Status::Corruption("a Snappy chunk without a length");
  }
  if (length > kFrameBlockBytes) {
    return Status::Corruption("a Snappy chunk of " + std::to_string(length) +
                              " bytes uncompressed, more than the format allows");
  }
  if (header.type == kCompressed && !snappy::Uncompress(data.data(), data.size(), block)) {
    return Status::Corruption("a Snappy chunk that can not be uncompressed");
  }
  if (ReadLittleEndian(body.data(), kChecksumBytes) != MaskedChecksum(*block)) {
    return Status::Corruption("a Snappy chunk whose checksum does not match");
  }
  return Status::OK();
}

}  // namespace rockstate
