package dev.ringshot.ring;

import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;
import dev.ringshot.abi.SqeFields;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The half of a ring that the client fills.
///
/// Memory ordering: the tail is this side's, kept plain and published with release when the ring is
/// entered, so that the kernel sees whole entries; the head is the kernel's, loaded with acquire,
/// so that an entry is reused only after it was read.
final class SubmissionQueue {
  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();

  private final MemorySegment ring;
  private final MemorySegment entries;
  private final long headAt;
  private final long tailAt;
  private final long flagsAt;
  private final int count;
  private final int entrySize;
  private final Sqe sqe = new Sqe();
  private int tail;
  private int published;

  SubmissionQueue(MemorySegment ring, MemorySegment entries, RingParams params) {
    this.ring = ring;
    this.entries = entries;
    headAt = params.sqOffHead();
    tailAt = params.sqOffTail();
    flagsAt = params.sqOffFlags();
    count = params.sqEntries();
    entrySize = entrySize(params.flags());
    if ((params.flags() & IORING_SETUP_NO_SQARRAY) == 0) fillArray(params.sqOffArray());
  }

  static int entrySize(int setupFlags) {
    return (setupFlags & IORING_SETUP_SQE128) != 0 ? SqeFields.SIZE128 : SqeFields.SIZE;
  }

  /// The index array, where there is one, never changes: place i holds entry i.
  private void fillArray(int arrayAt) {
    for (int i = 0; i < count; i++) ring.set(JAVA_INT, arrayAt + 4L * i, i);
  }

  /// Zeroes the next entry. The caller has seen that the queue is not full.
  ///
  /// @return a cursor over it, the same object each time
  Sqe next() {
    sqe.at(entries, (long) (tail & (count - 1)) * entrySize);
    tail++;
    return entrySize == SqeFields.SIZE ? sqe.clear() : sqe.clear128();
  }

  /// The entry that [#next] made last, wherever the cursor was moved to since.
  Sqe last() {
    return sqe.at(entries, (long) ((tail - 1) & (count - 1)) * entrySize);
  }

  /// Takes back the entry that [#next] made last, if it was not published.
  void dropLast() {
    tail--;
  }

  boolean isFull() {
    return pending() == count;
  }

  /// How many more entries there is room for.
  int room() {
    return count - pending();
  }

  /// Places for entries.
  int capacity() {
    return count;
  }

  /// Which of the places the entry has that [#next] made last.
  int lastPlace() {
    return (tail - 1) & (count - 1);
  }

  /// Entries that the kernel has not consumed.
  int pending() {
    return tail - (int) INT.getAcquire(ring, headAt);
  }

  /// Lets the kernel see all entries.
  ///
  /// @return how many it has not consumed
  int publish() {
    if (published != tail) {
      published = tail;
      INT.setRelease(ring, tailAt, tail);
    }
    return pending();
  }

  /// `IORING_SQ_*`: what the kernel has to say.
  int flags() {
    return (int) INT.getOpaque(ring, flagsAt);
  }

  /// Size of an entry in bytes.
  int entrySize() {
    return entrySize;
  }
}
