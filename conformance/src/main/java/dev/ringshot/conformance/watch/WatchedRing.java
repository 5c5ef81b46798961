package dev.ringshot.conformance.watch;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a decorator sees of one ring: the parameters that setup returned, and the two mappings once
/// the application made them.
final class WatchedRing {
  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();

  final int fd;
  final RingParams params;
  private @Nullable MemorySegment rings;
  private @Nullable MemorySegment sqes;

  /// @param params a copy, for the original belongs to the application
  WatchedRing(int fd, RingParams params) {
    this.fd = fd;
    this.params = params;
  }

  void mapped(long offset, MemorySegment mapping) {
    if (offset == IoUring.IORING_OFF_SQ_RING || offset == IoUring.IORING_OFF_CQ_RING)
      rings = mapping;
    if (offset == IoUring.IORING_OFF_SQES) sqes = mapping;
  }

  void unmapped(MemorySegment mapping) {
    if (rings != null && rings.address() == mapping.address()) rings = null;
    if (sqes != null && sqes.address() == mapping.address()) sqes = null;
  }

  boolean has(int setupFlag) {
    return (params.flags() & setupFlag) != 0;
  }

  /// Whether both areas are mapped; without them nothing can be said of the ring.
  boolean isVisible() {
    return rings != null && sqes != null;
  }

  int sqHead() {
    return word(params.sqOffHead());
  }

  int sqTail() {
    return word(params.sqOffTail());
  }

  int sqFlags() {
    return word(params.sqOffFlags());
  }

  int sqDropped() {
    return word(params.sqOffDropped());
  }

  int cqHead() {
    return word(params.cqOffHead());
  }

  int cqTail() {
    return word(params.cqOffTail());
  }

  private int word(int offset) {
    return (int) INT.getAcquire(rings(), (long) offset);
  }

  int cqeStride() {
    return has(IoUring.IORING_SETUP_CQE32) ? 32 : 16;
  }

  MemorySegment rings() {
    if (rings == null) throw new IllegalStateException("ring " + fd + " is not mapped");
    return rings;
  }

  /// Where the CQE of that index is in [#rings].
  long cqeOffset(int index) {
    return params.cqOffCqes() + (long) (index & params.cqEntries() - 1) * cqeStride();
  }

  /// Copies of the SQEs that an enter of `toSubmit` may consume, in order; an SQ array entry out of
  /// range ends the list, as it ends the submission.
  List<Sqe> pending(int toSubmit) {
    MemorySegment from = sqes;
    if (from == null || rings == null) return List.of();
    int stride = has(IoUring.IORING_SETUP_SQE128) ? 128 : 64;
    boolean rewinds = has(IoUring.IORING_SETUP_SQ_REWIND);
    int head = rewinds ? 0 : sqHead();
    int count = Math.min(toSubmit, rewinds ? params.sqEntries() : sqTail() - head);
    List<Sqe> pending = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = head + i & params.sqEntries() - 1;
      if (!has(IoUring.IORING_SETUP_NO_SQARRAY)) index = word(params.sqOffArray() + 4 * index);
      if (Integer.compareUnsigned(index, params.sqEntries()) >= 0) break;
      MemorySegment copy = MemorySegment.ofArray(new long[stride / Long.BYTES]);
      MemorySegment.copy(from, (long) index * stride, copy, 0, stride);
      pending.add(new Sqe().at(copy, 0));
    }
    return pending;
  }
}
