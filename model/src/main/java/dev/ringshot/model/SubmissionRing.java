package dev.ringshot.model;

import static dev.ringshot.model.RingLayout.SQ_DROPPED;
import static dev.ringshot.model.RingLayout.SQ_HEAD;
import static dev.ringshot.model.RingLayout.SQ_TAIL;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The kernel's half of the submission queue, guarded by its ring's lock.
///
/// Memory ordering: the tail is the program's, loaded with acquire once per call; the head is ours,
/// published with release after the entries were copied. What a tail says is clamped: the program
/// may write anything there.
final class SubmissionRing {
  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();

  private final MemorySegment rings;
  private final RingLayout layout;
  private int head;

  SubmissionRing(MemorySegment rings, RingLayout layout) {
    this.rings = rings;
    this.layout = layout;
  }

  /// Entries that the program has published and the kernel not taken.
  int available() {
    if (layout.rewinds()) return layout.sqEntries();
    int tail = (int) INT.getAcquire(rings, (long) SQ_TAIL);
    int count = tail - head;
    return Integer.compareUnsigned(count, layout.sqEntries()) > 0 ? layout.sqEntries() : count;
  }

  /// Takes the next entry.
  ///
  /// @return its offset in the SQE array in bytes; or -1 if the SQ array names one that does not
  ///   exist, which is counted as dropped
  long next() {
    int index = head++ & (layout.sqEntries() - 1);
    if (layout.hasSqArray()) {
      index = (int) INT.getOpaque(rings, layout.sqArrayOffset() + 4L * index);
      if (Integer.compareUnsigned(index, layout.sqEntries()) >= 0) {
        rings.set(JAVA_INT, SQ_DROPPED, rings.get(JAVA_INT, SQ_DROPPED) + 1);
        return -1;
      }
    }
    return (long) index << layout.sqeShift();
  }

  /// Takes the entry behind the one just taken as its second half.
  void skip() {
    head++;
  }

  void publishHead() {
    if (layout.rewinds()) {
      head = 0; // the program's head and tail mean nothing
      return;
    }
    INT.setRelease(rings, (long) SQ_HEAD, head);
  }

  /// Whether the program could add an entry (`POLLOUT` of a ring).
  boolean hasRoom() {
    return (int) INT.getAcquire(rings, (long) SQ_TAIL) - head != layout.sqEntries();
  }
}
