package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_LAST;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_REGISTER_OP;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_SQE_FLAGS_ALLOWED;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_SQE_FLAGS_REQUIRED;
import static dev.ringshot.abi.IoUring.IORING_RESTRICTION_SQE_OP;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Restriction;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/// What a ring may be used for, once it is enabled (`io_restriction`): nothing but what was said.
final class Restrictions {
  private final BitSet sqeOps = new BitSet();
  private final BitSet registerOps = new BitSet();
  private int flagsAllowed;
  private int flagsRequired;
  private boolean restrictsEntries;
  private boolean restrictsRegister;

  /// @param everything whether nothing is admitted that was not named; else only of the kinds that
  ///   were
  private Restrictions(boolean everything) {
    restrictsEntries = everything;
    restrictsRegister = everything;
  }

  /// IORING_REGISTER_RESTRICTIONS: `arg` is an array of `struct io_uring_restriction`.
  static int register(RingContext ring, long arg, int count) {
    if (!ring.isDisabled()) return -EBADFD;
    if (ring.restrictions != null) return -EBUSY;
    var release = ring.kernel().options().release();
    int most = IORING_RESTRICTION_LAST + release.registerOpcodes() + release.opcodes();
    if (arg == 0 || Integer.compareUnsigned(count, most) > 0) return -EINVAL;
    var entries = ring.kernel().memory().read(arg, count * Restriction.SIZE);
    if (entries == null) return -EFAULT;
    var restrictions = new Restrictions(!release.restrictsKindsApart() || count == 0);
    for (long at = 0; at < entries.byteSize(); at += Restriction.SIZE)
      if (!restrictions.add(entries, at, release)) return -EINVAL;
    ring.restrictions = restrictions;
    return 0;
  }

  private boolean add(MemorySegment entries, long at, Release release) {
    int value = entries.get(JAVA_BYTE, at + Restriction.SQE_OP) & 0xff;
    int kind = entries.get(JAVA_SHORT, at + Restriction.OPCODE);
    if (kind == IORING_RESTRICTION_REGISTER_OP) restrictsRegister = true;
    else restrictsEntries = true;
    switch (kind) {
      case IORING_RESTRICTION_REGISTER_OP -> {
        if (value >= release.registerOpcodes()) return false;
        registerOps.set(value);
      }
      case IORING_RESTRICTION_SQE_OP -> {
        if (value >= release.opcodes()) return false;
        sqeOps.set(value);
      }
      case IORING_RESTRICTION_SQE_FLAGS_ALLOWED -> flagsAllowed = value;
      case IORING_RESTRICTION_SQE_FLAGS_REQUIRED -> flagsRequired = value;
      default -> {
        return false;
      }
    }
    return true;
  }

  /// io_check_restriction()
  boolean admits(Request request) {
    if (!restrictsEntries) return true;
    int flags = request.flags();
    return sqeOps.get(request.opcode())
        && (flags & flagsRequired) == flagsRequired
        && (flags & ~(flagsAllowed | flagsRequired)) == 0;
  }

  boolean admitsRegister(int opcode) {
    return !restrictsRegister || registerOps.get(opcode);
  }
}
