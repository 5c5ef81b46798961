package dev.ringshot.model;

import org.jspecify.annotations.Nullable;

/// Parked requests of one kind by their `user_data`; the youngest of several is found first.
/// Guarded by the ring's lock.
final class ParkedTable {
  private static final int BUCKETS = 256;

  private final @Nullable Parked[] buckets = new @Nullable Parked[BUCKETS];
  private int size;

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
    for (int at = 0; at < BUCKETS; at++) {
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
    for (int at = 0; at < BUCKETS; at++) {
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

  private static int bucket(long userData) {
    return (int) ((userData * 0x9E37_79B9_7F4A_7C15L) >>> 56);
  }
}
