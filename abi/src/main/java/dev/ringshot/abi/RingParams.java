package dev.ringshot.abi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// A cursor over `struct io_uring_params` (120 bytes), which io_uring_setup(2) reads and fills in.
///
/// The fields of `sq_off` and `cq_off` are offsets in the mapping at `IORING_OFF_SQ_RING`, in
/// bytes; each thing there is 4 bytes, but `array` (4 per entry) and `cqes` ([Cqe#SIZE] or
/// [Cqe#SIZE32] per entry). With `IORING_SETUP_NO_MMAP` both `user_addr` are the application's
/// memory. A setter writes one field and returns this.
public final class RingParams {
  /// Offset of `sq_entries` (4 bytes): size of the submission queue.
  public static final int SQ_ENTRIES = 0;

  /// Offset of `cq_entries` (4 bytes): size of the completion queue; in with `IORING_SETUP_CQSIZE`.
  public static final int CQ_ENTRIES = 4;

  /// Offset of `flags` (4 bytes), in: `IORING_SETUP_*`.
  public static final int FLAGS = 8;

  /// Offset of `sq_thread_cpu` (4 bytes): in with `IORING_SETUP_SQ_AFF`.
  public static final int SQ_THREAD_CPU = 12;

  /// Offset of `sq_thread_idle` (4 bytes): milliseconds, in with `IORING_SETUP_SQPOLL`.
  public static final int SQ_THREAD_IDLE = 16;

  /// Offset of `features` (4 bytes), out: `IORING_FEAT_*`.
  public static final int FEATURES = 20;

  /// Offset of `wq_fd` (4 bytes): in with `IORING_SETUP_ATTACH_WQ`.
  public static final int WQ_FD = 24;

  /// Offset of `resv` (12 bytes): zeros.
  public static final int RESV = 28;

  /// Offset of `sq_off` (40 bytes).
  public static final int SQ_OFF = 40;

  /// Offset of `sq_off.head` (4 bytes): head of the queue.
  public static final int SQ_OFF_HEAD = 40;

  /// Offset of `sq_off.tail` (4 bytes): tail.
  public static final int SQ_OFF_TAIL = 44;

  /// Offset of `sq_off.ring_mask` (4 bytes): number of entries minus one.
  public static final int SQ_OFF_RING_MASK = 48;

  /// Offset of `sq_off.ring_entries` (4 bytes): number of entries.
  public static final int SQ_OFF_RING_ENTRIES = 52;

  /// Offset of `sq_off.flags` (4 bytes): `IORING_SQ_*`.
  public static final int SQ_OFF_FLAGS = 56;

  /// Offset of `sq_off.dropped` (4 bytes): number of invalid indices that were dropped.
  public static final int SQ_OFF_DROPPED = 60;

  /// Offset of `sq_off.array` (4 bytes): the indices; none with `IORING_SETUP_NO_SQARRAY`.
  public static final int SQ_OFF_ARRAY = 64;

  /// Offset of `sq_off.resv1` (4 bytes): zero.
  public static final int SQ_OFF_RESV1 = 68;

  /// Offset of `sq_off.user_addr` (8 bytes): address of the entries, with `IORING_SETUP_NO_MMAP`.
  public static final int SQ_OFF_USER_ADDR = 72;

  /// Offset of `cq_off` (40 bytes).
  public static final int CQ_OFF = 80;

  /// Offset of `cq_off.head` (4 bytes): head of the queue.
  public static final int CQ_OFF_HEAD = 80;

  /// Offset of `cq_off.tail` (4 bytes): tail.
  public static final int CQ_OFF_TAIL = 84;

  /// Offset of `cq_off.ring_mask` (4 bytes): number of entries minus one.
  public static final int CQ_OFF_RING_MASK = 88;

  /// Offset of `cq_off.ring_entries` (4 bytes): number of entries.
  public static final int CQ_OFF_RING_ENTRIES = 92;

  /// Offset of `cq_off.overflow` (4 bytes): number of completions that were lost.
  public static final int CQ_OFF_OVERFLOW = 96;

  /// Offset of `cq_off.cqes` (4 bytes): the entries.
  public static final int CQ_OFF_CQES = 100;

  /// Offset of `cq_off.flags` (4 bytes): `IORING_CQ_*`.
  public static final int CQ_OFF_FLAGS = 104;

  /// Offset of `cq_off.resv1` (4 bytes): zero.
  public static final int CQ_OFF_RESV1 = 108;

  /// Offset of `cq_off.user_addr` (8 bytes): address of the rings, with `IORING_SETUP_NO_MMAP`.
  public static final int CQ_OFF_USER_ADDR = 112;

  /// Size of `struct io_uring_params` in bytes.
  public static final int SIZE = 120;

  private MemorySegment memory = MemorySegment.NULL;
  private long offset;

  /// A cursor that points nowhere until [#at].
  public RingParams() {}

  /// Moves the cursor.
  ///
  /// @param memory where the structure lies; kept until the next call
  /// @param offset of the structure in `memory`, in bytes, a multiple of 8
  /// @return this
  public RingParams at(MemorySegment memory, long offset) {
    this.memory = memory;
    this.offset = offset;
    return this;
  }

  /// Zeroes the 120 bytes.
  public RingParams clear() {
    memory.asSlice(offset, SIZE).fill((byte) 0);
    return this;
  }

  /// `sq_entries`: size of the submission queue.
  public int sqEntries() {
    return memory.get(JAVA_INT, offset + SQ_ENTRIES);
  }

  /// `sq_entries`: size of the submission queue.
  public RingParams sqEntries(int value) {
    memory.set(JAVA_INT, offset + SQ_ENTRIES, value);
    return this;
  }

  /// `cq_entries`: size of the completion queue; in with `IORING_SETUP_CQSIZE`.
  public int cqEntries() {
    return memory.get(JAVA_INT, offset + CQ_ENTRIES);
  }

  /// `cq_entries`: size of the completion queue; in with `IORING_SETUP_CQSIZE`.
  public RingParams cqEntries(int value) {
    memory.set(JAVA_INT, offset + CQ_ENTRIES, value);
    return this;
  }

  /// `flags`: in: `IORING_SETUP_*`.
  public int flags() {
    return memory.get(JAVA_INT, offset + FLAGS);
  }

  /// `flags`: in: `IORING_SETUP_*`.
  public RingParams flags(int value) {
    memory.set(JAVA_INT, offset + FLAGS, value);
    return this;
  }

  /// `sq_thread_cpu`: in with `IORING_SETUP_SQ_AFF`.
  public int sqThreadCpu() {
    return memory.get(JAVA_INT, offset + SQ_THREAD_CPU);
  }

  /// `sq_thread_cpu`: in with `IORING_SETUP_SQ_AFF`.
  public RingParams sqThreadCpu(int value) {
    memory.set(JAVA_INT, offset + SQ_THREAD_CPU, value);
    return this;
  }

  /// `sq_thread_idle`: in with `IORING_SETUP_SQPOLL`: milliseconds.
  public int sqThreadIdle() {
    return memory.get(JAVA_INT, offset + SQ_THREAD_IDLE);
  }

  /// `sq_thread_idle`: in with `IORING_SETUP_SQPOLL`: milliseconds.
  public RingParams sqThreadIdle(int value) {
    memory.set(JAVA_INT, offset + SQ_THREAD_IDLE, value);
    return this;
  }

  /// `features`: out: `IORING_FEAT_*`.
  public int features() {
    return memory.get(JAVA_INT, offset + FEATURES);
  }

  /// `features`: out: `IORING_FEAT_*`.
  public RingParams features(int value) {
    memory.set(JAVA_INT, offset + FEATURES, value);
    return this;
  }

  /// `wq_fd`: in with `IORING_SETUP_ATTACH_WQ`.
  public int wqFd() {
    return memory.get(JAVA_INT, offset + WQ_FD);
  }

  /// `wq_fd`: in with `IORING_SETUP_ATTACH_WQ`.
  public RingParams wqFd(int value) {
    memory.set(JAVA_INT, offset + WQ_FD, value);
    return this;
  }

  /// `sq_off.head`: head of the queue.
  public int sqOffHead() {
    return memory.get(JAVA_INT, offset + SQ_OFF_HEAD);
  }

  /// `sq_off.head`: head of the queue.
  public RingParams sqOffHead(int value) {
    memory.set(JAVA_INT, offset + SQ_OFF_HEAD, value);
    return this;
  }

  /// `sq_off.tail`: tail.
  public int sqOffTail() {
    return memory.get(JAVA_INT, offset + SQ_OFF_TAIL);
  }

  /// `sq_off.tail`: tail.
  public RingParams sqOffTail(int value) {
    memory.set(JAVA_INT, offset + SQ_OFF_TAIL, value);
    return this;
  }

  /// `sq_off.ring_mask`: number of entries minus one.
  public int sqOffRingMask() {
    return memory.get(JAVA_INT, offset + SQ_OFF_RING_MASK);
  }

  /// `sq_off.ring_mask`: number of entries minus one.
  public RingParams sqOffRingMask(int value) {
    memory.set(JAVA_INT, offset + SQ_OFF_RING_MASK, value);
    return this;
  }

  /// `sq_off.ring_entries`: number of entries.
  public int sqOffRingEntries() {
    return memory.get(JAVA_INT, offset + SQ_OFF_RING_ENTRIES);
  }

  /// `sq_off.ring_entries`: number of entries.
  public RingParams sqOffRingEntries(int value) {
    memory.set(JAVA_INT, offset + SQ_OFF_RING_ENTRIES, value);
    return this;
  }

  /// `sq_off.flags`: `IORING_SQ_*`.
  public int sqOffFlags() {
    return memory.get(JAVA_INT, offset + SQ_OFF_FLAGS);
  }

  /// `sq_off.flags`: `IORING_SQ_*`.
  public RingParams sqOffFlags(int value) {
    memory.set(JAVA_INT, offset + SQ_OFF_FLAGS, value);
    return this;
  }

  /// `sq_off.dropped`: number of invalid indices that were dropped.
  public int sqOffDropped() {
    return memory.get(JAVA_INT, offset + SQ_OFF_DROPPED);
  }

  /// `sq_off.dropped`: number of invalid indices that were dropped.
  public RingParams sqOffDropped(int value) {
    memory.set(JAVA_INT, offset + SQ_OFF_DROPPED, value);
    return this;
  }

  /// `sq_off.array`: the indices; none with `IORING_SETUP_NO_SQARRAY`.
  public int sqOffArray() {
    return memory.get(JAVA_INT, offset + SQ_OFF_ARRAY);
  }

  /// `sq_off.array`: the indices; none with `IORING_SETUP_NO_SQARRAY`.
  public RingParams sqOffArray(int value) {
    memory.set(JAVA_INT, offset + SQ_OFF_ARRAY, value);
    return this;
  }

  /// `sq_off.user_addr`: address of the entries.
  public long sqOffUserAddr() {
    return memory.get(JAVA_LONG, offset + SQ_OFF_USER_ADDR);
  }

  /// `sq_off.user_addr`: address of the entries.
  public RingParams sqOffUserAddr(long value) {
    memory.set(JAVA_LONG, offset + SQ_OFF_USER_ADDR, value);
    return this;
  }

  /// `cq_off.head`: head of the queue.
  public int cqOffHead() {
    return memory.get(JAVA_INT, offset + CQ_OFF_HEAD);
  }

  /// `cq_off.head`: head of the queue.
  public RingParams cqOffHead(int value) {
    memory.set(JAVA_INT, offset + CQ_OFF_HEAD, value);
    return this;
  }

  /// `cq_off.tail`: tail.
  public int cqOffTail() {
    return memory.get(JAVA_INT, offset + CQ_OFF_TAIL);
  }

  /// `cq_off.tail`: tail.
  public RingParams cqOffTail(int value) {
    memory.set(JAVA_INT, offset + CQ_OFF_TAIL, value);
    return this;
  }

  /// `cq_off.ring_mask`: number of entries minus one.
  public int cqOffRingMask() {
    return memory.get(JAVA_INT, offset + CQ_OFF_RING_MASK);
  }

  /// `cq_off.ring_mask`: number of entries minus one.
  public RingParams cqOffRingMask(int value) {
    memory.set(JAVA_INT, offset + CQ_OFF_RING_MASK, value);
    return this;
  }

  /// `cq_off.ring_entries`: number of entries.
  public int cqOffRingEntries() {
    return memory.get(JAVA_INT, offset + CQ_OFF_RING_ENTRIES);
  }

  /// `cq_off.ring_entries`: number of entries.
  public RingParams cqOffRingEntries(int value) {
    memory.set(JAVA_INT, offset + CQ_OFF_RING_ENTRIES, value);
    return this;
  }

  /// `cq_off.overflow`: number of completions that were lost.
  public int cqOffOverflow() {
    return memory.get(JAVA_INT, offset + CQ_OFF_OVERFLOW);
  }

  /// `cq_off.overflow`: number of completions that were lost.
  public RingParams cqOffOverflow(int value) {
    memory.set(JAVA_INT, offset + CQ_OFF_OVERFLOW, value);
    return this;
  }

  /// `cq_off.cqes`: the entries.
  public int cqOffCqes() {
    return memory.get(JAVA_INT, offset + CQ_OFF_CQES);
  }

  /// `cq_off.cqes`: the entries.
  public RingParams cqOffCqes(int value) {
    memory.set(JAVA_INT, offset + CQ_OFF_CQES, value);
    return this;
  }

  /// `cq_off.flags`: `IORING_CQ_*`.
  public int cqOffFlags() {
    return memory.get(JAVA_INT, offset + CQ_OFF_FLAGS);
  }

  /// `cq_off.flags`: `IORING_CQ_*`.
  public RingParams cqOffFlags(int value) {
    memory.set(JAVA_INT, offset + CQ_OFF_FLAGS, value);
    return this;
  }

  /// `cq_off.user_addr`: address of the rings.
  public long cqOffUserAddr() {
    return memory.get(JAVA_LONG, offset + CQ_OFF_USER_ADDR);
  }

  /// `cq_off.user_addr`: address of the rings.
  public RingParams cqOffUserAddr(long value) {
    memory.set(JAVA_LONG, offset + CQ_OFF_USER_ADDR, value);
    return this;
  }
}
