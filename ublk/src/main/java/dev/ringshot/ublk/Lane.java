package dev.ringshot.ublk;

import dev.ringshot.ring.Ring;
import java.util.function.LongSupplier;

/// What the tags of a queue share.
///
/// @param blockSize of which a short result is a multiple, in bytes
record Lane(
    Ring ring,
    QueueFile file,
    TagMemory memory,
    BlockTarget target,
    Completions completions,
    Fetch fetch,
    Outstanding outstanding,
    QueueStatistics statistics,
    Troubles troubles,
    LongSupplier nanoTime,
    int blockSize) {
  /// How many requests have come and not gone.
  static final class Outstanding {
    private int count;

    void add(int more) {
      count += more;
    }

    int count() {
      return count;
    }
  }
}
