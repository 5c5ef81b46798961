package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.RingParams;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The half of a ring that the kernel fills.
///
/// Memory ordering: the tail is the kernel's, loaded with acquire, so that the entries before it
/// are whole; the head is this side's, kept plain and published with release, so that the kernel
/// writes over an entry only after it was read.
final class CompletionQueue {
  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();

  private final MemorySegment ring;
  private final long headAt;
  private final long tailAt;
  private final long cqesAt;
  private final int mask;
  private final int shift;
  private int head;
  private int tail;

  CompletionQueue(MemorySegment ring, RingParams params) {
    this.ring = ring;
    headAt = params.cqOffHead();
    tailAt = params.cqOffTail();
    cqesAt = params.cqOffCqes();
    mask = params.cqEntries() - 1;
    shift = entryShift(params.flags());
  }

  static int entryShift(int setupFlags) {
    return (setupFlags & IORING_SETUP_CQE32) != 0 ? 5 : 4;
  }

  /// Entries the kernel has made and [#advance] has not taken.
  int ready() {
    tail = (int) INT.getAcquire(ring, tailAt);
    return tail - head;
  }

  /// As [#ready], of what was loaded last: no look at the kernel's index.
  boolean hasLoaded() {
    return tail != head;
  }

  /// Where the first entry lies; to be read with [#userData] and the like.
  long first() {
    return cqesAt + ((long) (head & mask) << shift);
  }

  long userData(long at) {
    return ring.get(JAVA_LONG, at + Cqe.USER_DATA);
  }

  int res(long at) {
    return ring.get(JAVA_INT, at + Cqe.RES);
  }

  int flags(long at) {
    return ring.get(JAVA_INT, at + Cqe.FLAGS);
  }

  long extra1(long at) {
    return ring.get(JAVA_LONG, at + Cqe.BIG_CQE);
  }

  long extra2(long at) {
    return ring.get(JAVA_LONG, at + Cqe.BIG_CQE + Long.BYTES);
  }

  /// Whether an entry with these flags has an upper half.
  boolean isBig(int flags) {
    return shift == 5 || Cqe.big(flags);
  }

  /// Gives the first entry's place back to the kernel.
  void advance(int flags) {
    head += shift == 4 && Cqe.big(flags) ? 2 : 1;
    INT.setRelease(ring, headAt, head);
  }

  /// Places for entries.
  int capacity() {
    return mask + 1;
  }
}
