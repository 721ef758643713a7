#include "split_list.h"

#include <new>

#include "memory/allocator.h"

namespace rockstate {
namespace {

// Links for each bucket, on average, before their number doubles.
constexpr uint32_t kLinksPerBucket = 2;

uint32_t ReversedBits(uint32_t bits) {
  bits = ((bits >> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >> 4) & 0x0F0F0F0F) | ((bits & 0x0F0F0F0F) << 4);
  bits = ((bits >> 8) & 0x00FF00FF) | ((bits & 0x00FF00FF) << 8);
  return (bits >> 16) | (bits << 16);
}

// 0 for bucket 0, else one more than the position of the number's highest bit.
size_t SegmentOf(uint32_t bucket) {
  return bucket == 0 ? 0 : 32 - static_cast<size_t>(__builtin_clz(bucket));
}

uint32_t HighestBit(uint32_t bucket) {
  return bucket == 0 ? 0 : uint32_t{1} << (SegmentOf(bucket) - 1);
}

}  // namespace

SplitList::SplitList(rocksdb::Allocator* allocator) : allocator_(allocator) {
  Link* links = NewSegment(2);
  Link* end = links + 1;
  end->order = kEndOrder;
  links[0].next.store(end, std::memory_order_relaxed);
  near_[0].store(links, std::memory_order_release);
}

// Buckets have an even order. The end's is greater than that of any link.
uint32_t SplitList::OrderOf(uint32_t hash) {
  const uint32_t order = ReversedBits(hash) | 1;
  return order > kEndOrder ? order - 2 : order;
}

const Link* SplitList::Before(uint32_t hash) const {
  uint32_t number = hash & (buckets_.load(std::memory_order_acquire) - 1);
  const Link* bucket = Bucket(number);
  // One that nothing was inserted into yet is a part of the one that it will be cut off.
  while (bucket->Next() == nullptr) {
    number &= ~HighestBit(number);
    bucket = Bucket(number);
  }
  return bucket;
}

Link* SplitList::BeforeForInsert(uint32_t hash) {
  if (size() >= kLinksPerBucket * buckets_.load(std::memory_order_relaxed)) {
    Grow();
  }
  return PreparedBucket(hash & (buckets_.load(std::memory_order_relaxed) - 1));
}

void SplitList::InsertAfter(Link* previous, Link* link) {
  link->next.store(previous->next.load(std::memory_order_relaxed), std::memory_order_relaxed);
  previous->next.store(link, std::memory_order_release);
  size_.store(size() + 1, std::memory_order_relaxed);
}

Link* SplitList::Bucket(uint32_t number) const {
  const size_t segment = SegmentOf(number);
  if (segment == 0) {
    return near_[0].load(std::memory_order_acquire);
  }
  const Segment& links = segment < kNearSegments
                             ? near_[segment]
                             : far_.load(std::memory_order_acquire)[segment - kNearSegments];
  return links.load(std::memory_order_acquire) + (number - HighestBit(number));
}

Link* SplitList::PreparedBucket(uint32_t number) {
  Link* bucket = Bucket(number);
  if (bucket->next.load(std::memory_order_relaxed) != nullptr) {
    return bucket;
  }
  const uint32_t order = ReversedBits(number);
  Link* previous = PreparedBucket(number & ~HighestBit(number));
  Link* next = previous->Next();
  while (next->order < order) {
    previous = next;
    next = next->Next();
  }
  bucket->order = order;
  // From here on readers may begin at the bucket.
  bucket->next.store(next, std::memory_order_release);
  previous->next.store(bucket, std::memory_order_release);
  return bucket;
}

void SplitList::Grow() {
  const uint32_t buckets = buckets_.load(std::memory_order_relaxed);
  const size_t segment = SegmentOf(buckets);
  if (segment < kNearSegments + kFarSegments) {
    AddSegment(segment, NewSegment(buckets));
    buckets_.store(2 * buckets, std::memory_order_release);
  }
}

void SplitList::AddSegment(size_t number, Link* links) {
  if (number < kNearSegments) {
    near_[number].store(links, std::memory_order_release);
    return;
  }
  if (number == kNearSegments) {
    auto* far =
        reinterpret_cast<Segment*>(allocator_->AllocateAligned(kFarSegments * sizeof(Segment)));
    for (size_t i = 0; i < kFarSegments; ++i) {
      new (far + i) Segment(nullptr);
    }
    far_.store(far, std::memory_order_release);
  }
  far_.load(std::memory_order_relaxed)[number - kNearSegments].store(links,
                                                                     std::memory_order_release);
}

Link* SplitList::NewSegment(size_t links) {
  Link* segment = reinterpret_cast<Link*>(allocator_->AllocateAligned(links * sizeof(Link)));
  for (size_t i = 0; i < links; ++i) {
    new (segment + i) Link{{nullptr}, 0};
  }
  return segment;
}

}  // namespace rockstate
