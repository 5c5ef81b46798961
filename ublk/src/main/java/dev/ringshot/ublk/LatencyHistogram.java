package dev.ringshot.ublk;

/// How long things took: counts in buckets that are an eighth of a power of two wide, so that a
/// value is off by an eighth at most. Recording takes nothing from the heap. One thread's.
public final class LatencyHistogram {
  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;

  private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB];
  private long count;
  private long max;

  /// A histogram that has counted nothing.
  public LatencyHistogram() {}

  /// Counts one.
  ///
  /// @param nanos negative counts as 0
  public void record(long nanos) {
    long value = Math.max(nanos, 0);
    counts[bucket(value)]++;
    count++;
    max = Math.max(max, value);
  }

  private static int bucket(long value) {
    if (value < SUB) return (int) value;
    int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(value);
    return ((shift + 1) << SUB_BITS) + ((int) (value >>> shift) & (SUB - 1));
  }

  /// The largest value that counts in the same bucket.
  private static long last(int bucket) {
    int shift = (bucket >>> SUB_BITS) - 1;
    if (shift < 0) return bucket;
    return ((SUB + (bucket & (SUB - 1)) + 1L) << shift) - 1;
  }

  /// How many were counted.
  public long count() {
    return count;
  }

  /// The longest.
  public long maxNanos() {
    return max;
  }

  /// What so many of a hundred did not exceed, up to an eighth too high; 0 if there are none.
  ///
  /// @param percent 0 … 100
  public long percentileNanos(double percent) {
    if (count == 0) return 0;
    long wanted = Math.max(1, (long) Math.ceil(count * percent / 100));
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= wanted) return Math.min(last(bucket), max);
    }
    return max;
  }

  /// Adds what another counted.
  public void add(LatencyHistogram other) {
    for (int bucket = 0; bucket < counts.length; bucket++) counts[bucket] += other.counts[bucket];
    count += other.count;
    max = Math.max(max, other.max);
  }
}
