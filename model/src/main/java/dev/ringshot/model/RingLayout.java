package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_SETUP_CQE32;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CQE_MIXED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_NO_SQARRAY;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE128;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQE_MIXED;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SQ_REWIND;

/// Where things are in a ring's shared memory (`struct io_rings`): the same places as on Linux, in
/// bytes.
record RingLayout(int sqEntries, int cqEntries, int setupFlags) {
  static final int SQ_HEAD = 0;
  static final int SQ_TAIL = 4;
  static final int CQ_HEAD = 8;
  static final int CQ_TAIL = 12;
  static final int SQ_RING_MASK = 16;
  static final int CQ_RING_MASK = 20;
  static final int SQ_RING_ENTRIES = 24;
  static final int CQ_RING_ENTRIES = 28;
  static final int SQ_DROPPED = 32;
  static final int SQ_FLAGS = 36;
  static final int CQ_FLAGS = 40;
  static final int CQ_OVERFLOW = 44;
  static final int CQES = 64;

  private static final int CACHE_LINE = 64;

  boolean isCqe32() {
    return (setupFlags & IORING_SETUP_CQE32) != 0;
  }

  /// Whether CQEs of both sizes lie in one queue, marked by `IORING_CQE_F_32`.
  boolean isCqeMixed() {
    return (setupFlags & IORING_SETUP_CQE_MIXED) != 0;
  }

  /// Whether SQEs of both sizes lie in one queue, told apart by their opcodes.
  boolean isSqeMixed() {
    return (setupFlags & IORING_SETUP_SQE_MIXED) != 0;
  }

  /// Whether every submission begins at the first entry.
  boolean rewinds() {
    return (setupFlags & IORING_SETUP_SQ_REWIND) != 0;
  }

  boolean isSqe128() {
    return (setupFlags & IORING_SETUP_SQE128) != 0;
  }

  boolean hasSqArray() {
    return (setupFlags & IORING_SETUP_NO_SQARRAY) == 0;
  }

  int cqeShift() {
    return isCqe32() ? 5 : 4;
  }

  int sqeShift() {
    return isSqe128() ? 7 : 6;
  }

  /// Of the SQ array of u32; 0 without one.
  long sqArrayOffset() {
    return hasSqArray() ? cqesEnd() : 0;
  }

  long ringBytes() {
    return cqesEnd() + (hasSqArray() ? 4L * sqEntries : 0);
  }

  long sqesBytes() {
    return (long) sqEntries << sqeShift();
  }

  // The header counts twice with 32-byte CQEs: Linux doubles the whole structure.
  private long cqesEnd() {
    long bytes = (CQES + 16L * cqEntries) << (isCqe32() ? 1 : 0);
    return (bytes + CACHE_LINE - 1) & -CACHE_LINE;
  }
}
