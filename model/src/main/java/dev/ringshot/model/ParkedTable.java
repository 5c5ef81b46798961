package dev.ringshot.model;

import org.jspecify.annotations.Nullable;

/// Parked requests of one kind by their `user_data`; the youngest of several is found first.
/// Guarded by the ring's lock.
final class ParkedTable {
  private static final long GOLDEN_RATIO_64 = 0x61C8_8646_80B5_83EBL;
  private static final int BITS_MAX = 8;

  private final int bits;
  private final @Nullable Parked[] buckets;
  private int size;

  /// As large, and so in the same order, as Linux makes it (`io_alloc_hash_table`).
  ParkedTable(int cqEntries) {
    int log2 = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(cqEntries);
    bits = Math.clamp(log2 - 5, 1, BITS_MAX);
    buckets = new @Nullable Parked[1 << bits];
  }

  int size() {
    return size;
  }

  void add(Parked entry) {
    entry.userData = entry.request.userData();
    int at = bucket(entry.userData);
    var first = buckets[at];
    entry.previousInBucket = null;
    entry.nextInBucket = first;
    if (first != null) first.previousInBucket = entry;
    buckets[at] = entry;
    entry.listed = true;
    size++;
  }

  /// Takes `entry` out, if it is in.
  void remove(Parked entry) {
    if (!entry.listed) return;
    var previous = entry.previousInBucket;
    var next = entry.nextInBucket;
    if (previous == null) buckets[bucket(entry.userData)] = next;
    else previous.nextInBucket = next;
    if (next != null) next.previousInBucket = previous;
    entry.previousInBucket = null;
    entry.nextInBucket = null;
    entry.listed = false;
    size--;
  }

  /// The first that `key` matches, or null.
  @Nullable Parked find(CancelKey key) {
    if (size == 0) return null;
    if (key.isByUserDataAlone()) return findIn(bucket(key.userData()), key);
    for (int at = 0; at < buckets.length; at++) {
      var found = findIn(at, key);
      if (found != null) return found;
    }
    return null;
  }

  /// Cancels every one that `key` matches.
  ///
  /// @return how many
  int cancelAll(CancelKey key) {
    if (size == 0) return 0;
    int count = 0;
    for (int at = 0; at < buckets.length; at++) {
      for (var entry = buckets[at]; entry != null; ) {
        var next = entry.nextInBucket; // cancel() takes the entry out
        if (key.matches(entry.request)) {
          var _ = entry.cancel();
          count++;
        }
        entry = next;
      }
    }
    return count;
  }

  private @Nullable Parked findIn(int at, CancelKey key) {
    var entry = buckets[at];
    while (entry != null && !key.matches(entry.request)) entry = entry.nextInBucket;
    return entry;
  }

  private int bucket(long userData) {
    return (int) ((userData * GOLDEN_RATIO_64) >>> (Long.SIZE - bits));
  }
}
