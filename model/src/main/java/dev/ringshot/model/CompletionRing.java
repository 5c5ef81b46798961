package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_CQE_F_32;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SKIP;
import static dev.ringshot.abi.IoUring.IORING_SQ_CQ_OVERFLOW;
import static dev.ringshot.model.RingLayout.CQES;
import static dev.ringshot.model.RingLayout.CQ_FLAGS;
import static dev.ringshot.model.RingLayout.CQ_HEAD;
import static dev.ringshot.model.RingLayout.CQ_OVERFLOW;
import static dev.ringshot.model.RingLayout.CQ_TAIL;
import static dev.ringshot.model.RingLayout.SQ_FLAGS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;

/// The kernel's half of the completion queue, guarded by its ring's lock.
///
/// Memory ordering: the tail is ours, kept plain here and published with a release store once a
/// batch ([#publish]); the head is the program's, loaded with acquire when the entries known to be
/// free are used up.
final class CompletionRing {
  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();

  private final MemorySegment memory;
  private final int entries;
  private final int shift;
  private final boolean mixed;
  private final Faults faults;
  private final KernelMemory keptMemory;
  private final ArrayDeque<Cqe> overflow = new ArrayDeque<>();
  private int tail;
  private int published;
  private int free;
  private boolean dropped;

  private record Cqe(long userData, int res, int flags, long extra1, long extra2) {}

  CompletionRing(MemorySegment memory, RingLayout layout, Faults faults, KernelMemory keptMemory) {
    this.keptMemory = keptMemory;
    this.memory = memory;
    this.entries = layout.cqEntries();
    this.shift = layout.cqeShift();
    this.mixed = layout.isCqeMixed();
    this.faults = faults;
    this.free = entries;
  }

  /// Writes an entry, to be seen at the next [#publish].
  ///
  /// @return false if there is no room, or if older ones wait in the overflow list
  boolean fill(long userData, int res, int flags, long extra1, long extra2) {
    if (!overflow.isEmpty()) return false;
    if (!hasRoom(flags)) return false;
    write(userData, res, flags, extra1, extra2);
    return true;
  }

  /// Writes an entry or keeps it until there is room (`io_cqring_event_overflow`); without memory
  /// to keep it, it is lost, and counted.
  void fillOrKeep(long userData, int res, int flags, long extra1, long extra2) {
    if (fill(userData, res, flags, extra1, extra2)) return;
    boolean lost = faults.strikes(Faults.Point.OVERFLOW_LOST);
    if (lost || !keptMemory.tryCharge(KernelMemory.COMPLETION)) {
      dropped = true;
      memory.set(JAVA_INT, CQ_OVERFLOW, memory.get(JAVA_INT, CQ_OVERFLOW) + 1);
      return;
    }
    if (overflow.isEmpty()) setSqFlag(IORING_SQ_CQ_OVERFLOW);
    overflow.addLast(new Cqe(userData, res, flags, extra1, extra2));
  }

  /// Moves what was kept into the queue, as much as fits.
  void flushOverflow() {
    while (!overflow.isEmpty() && hasRoom(overflow.getFirst().flags)) {
      var cqe = overflow.removeFirst();
      keptMemory.uncharge(KernelMemory.COMPLETION);
      write(cqe.userData, cqe.res, cqe.flags, cqe.extra1, cqe.extra2);
    }
    if (overflow.isEmpty()) clearSqFlag(IORING_SQ_CQ_OVERFLOW);
  }

  /// The ring goes away.
  void forgetOverflow() {
    keptMemory.uncharge((long) overflow.size() * KernelMemory.COMPLETION);
    overflow.clear();
  }

  boolean hasOverflow() {
    return !overflow.isEmpty();
  }

  /// Whether entries were lost for good since the last time this was asked
  /// (`IO_CHECK_CQ_DROPPED_BIT`).
  boolean takeDropped() {
    boolean was = dropped;
    dropped = false;
    return was;
  }

  boolean hasDropped() {
    return dropped;
  }

  /// Shows the program everything written so far.
  ///
  /// @return whether that was anything
  boolean publish() {
    if (tail == published) return false;
    published = tail;
    INT.setRelease(memory, (long) CQ_TAIL, tail);
    return true;
  }

  /// Entries that the program has not taken; its head may be anything. Any thread.
  int pending() {
    return published() - head();
  }

  int head() {
    return (int) INT.getAcquire(memory, (long) CQ_HEAD);
  }

  /// Entries written since the ring began, modulo 2³².
  int tail() {
    return tail;
  }

  /// Entries shown to the program since the ring began, modulo 2³². Any thread.
  int published() {
    return (int) INT.getAcquire(memory, (long) CQ_TAIL);
  }

  boolean hasPending() {
    return head() != published();
  }

  int flags() {
    return (int) INT.getOpaque(memory, (long) CQ_FLAGS);
  }

  void setSqFlag(int flag) {
    var _ = (int) INT.getAndBitwiseOr(memory, (long) SQ_FLAGS, flag);
  }

  void clearSqFlag(int flag) {
    var _ = (int) INT.getAndBitwiseAnd(memory, (long) SQ_FLAGS, ~flag);
  }

  /// Whether there are slots for one with these flags (`io_cqe_cache_refill`). One of two slots
  /// lies before the end of the queue: a filler takes the last slot if need be.
  private boolean hasRoom(int flags) {
    int slots = slots(flags);
    if (slots == 2 && (tail & (entries - 1)) == entries - 1) {
      if (free == 0 && refill() == 0) return false;
      write(0, 0, IORING_CQE_F_SKIP, 0, 0);
    }
    return free >= slots || refill() >= slots;
  }

  private int slots(int flags) {
    return mixed && (flags & IORING_CQE_F_32) != 0 ? 2 : 1;
  }

  private int refill() {
    int queued = tail - head();
    free =
        entries
            - Math.min(Integer.compareUnsigned(queued, entries) > 0 ? entries : queued, entries);
    return free;
  }

  private void write(long userData, int res, int flags, long extra1, long extra2) {
    long at = CQES + ((long) (tail & (entries - 1)) << shift);
    memory.set(JAVA_LONG, at, userData);
    memory.set(
        JAVA_LONG, at + 8, (res & 0xffff_ffffL) | (long) flags << 32); // both halves in one store
    int slots = slots(flags);
    if (shift == 5 || slots == 2) {
      memory.set(JAVA_LONG, at + 16, extra1);
      memory.set(JAVA_LONG, at + 24, extra2);
    }
    tail += slots;
    free -= slots;
  }
}
