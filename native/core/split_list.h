// A hash table that grows without moving anything, for one writer and any number of readers that
// take no lock: a split-ordered list (Shalev and Shavit, "Split-Ordered Lists: Lock-Free Extensible
// Hash Tables", 2006). All links are in one list, ordered by their hashes with the bits reversed,
// so that a bucket is a stretch of the list, which is cut in two when the number of buckets
// doubles.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace rocksdb {
class Allocator;
}  // namespace rocksdb

namespace rockstate {

// What is in the list begins with this. The end of the list is a link, too.
struct Link {
  std::atomic<Link*> next;
  uint32_t order;

  Link* Next() const { return next.load(std::memory_order_acquire); }
};

class SplitList {
 public:
  // Takes its memory from `allocator`, and never gives any back.
  explicit SplitList(rocksdb::Allocator* allocator);
  SplitList(const SplitList&) = delete;
  SplitList& operator=(const SplitList&) = delete;

  // Where a hash stands in the list; that of no bucket.
  static uint32_t OrderOf(uint32_t hash);

  // The last link known to be in front of all that have this hash.
  const Link* Before(uint32_t hash) const;
  // As Before, for the writer, who may go on from there to find where a link belongs.
  Link* BeforeForInsert(uint32_t hash);
  // Puts a link behind `previous`. Its `order` must be set.
  void InsertAfter(Link* previous, Link* link);

  // The first link of all; IsEnd() tells the end. Those for which IsBucket() holds are none that
  // were inserted.
  const Link* First() const { return near_[0].load(std::memory_order_acquire)->Next(); }
  static bool IsBucket(const Link* link) { return (link->order & 1) == 0; }
  static bool IsEnd(const Link* link) { return link->order == kEndOrder; }
  uint32_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  static constexpr uint32_t kEndOrder = 0xFFFFFFFE;
  // Most lists are short, so the pointers to few segments are at hand.
  static constexpr size_t kNearSegments = 6;
  static constexpr size_t kFarSegments = 24;
  using Segment = std::atomic<Link*>;

  Link* Bucket(uint32_t number) const;
  Link* PreparedBucket(uint32_t number);
  void Grow();
  void AddSegment(size_t number, Link* links);
  Link* NewSegment(size_t links);

  rocksdb::Allocator* allocator_;
  std::atomic<uint32_t> buckets_{1};
  std::atomic<uint32_t> size_{0};
  // Segment 0 has the first bucket, and each further one as many as all before it.
  std::array<Segment, kNearSegments> near_{};
  std::atomic<Segment*> far_{nullptr};
};

}  // namespace rockstate
