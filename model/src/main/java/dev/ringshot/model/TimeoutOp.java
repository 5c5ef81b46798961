package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Timespec;

/// IORING_OP_TIMEOUT.
final class TimeoutOp implements Operation {
  /// A bad time.
  static final long BAD = Long.MIN_VALUE;

  private static final int FLAGS =
      IORING_TIMEOUT_ABS
          | IORING_TIMEOUT_BOOTTIME
          | IORING_TIMEOUT_REALTIME
          | IORING_TIMEOUT_ETIME_SUCCESS
          | IORING_TIMEOUT_MULTISHOT;

  @Override
  public int prep(Request request) {
    if (request.bufIndex() != 0 || request.len() != 1 || request.fileIndex() != 0) return -EINVAL;
    int flags = request.opFlags();
    boolean immediate = request.ring().kernel().options().release().hasTimeoutImmediateArg();
    int known = immediate ? FLAGS | IORING_TIMEOUT_IMMEDIATE_ARG : FLAGS;
    if ((flags & ~known) != 0 || (flags & IORING_TIMEOUT_CLOCK_MASK) == IORING_TIMEOUT_CLOCK_MASK)
      return -EINVAL;
    if ((flags & IORING_TIMEOUT_MULTISHOT) != 0 && (flags & IORING_TIMEOUT_ABS) != 0)
      return -EINVAL;
    long nanos = nanos(request, request.addr(), flags);
    if (nanos == BAD) return -EFAULT;
    return nanos < 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    long nanos = nanos(request, request.addr(), request.opFlags());
    if (nanos < 0) return -EFAULT; // it changed meanwhile
    new RequestTimeout(request, nanos, request.opFlags(), request.off()).start();
    return Request.QUEUED;
  }

  /// The time that an SQE gives: a timespec at `addr`, or with `IORING_TIMEOUT_IMMEDIATE_ARG`
  /// nanoseconds.
  ///
  /// @return nanoseconds; -1 if it is no time, [#BAD] if the address is bad
  static long nanos(Request request, long addr, int flags) {
    if ((flags & IORING_TIMEOUT_IMMEDIATE_ARG) != 0) return addr < 0 ? -1 : addr;
    var time = request.ring().kernel().memory().read(addr, Timespec.SIZE);
    if (time == null) return BAD;
    long seconds = time.get(JAVA_LONG, Timespec.TV_SEC);
    long nanoseconds = time.get(JAVA_LONG, Timespec.TV_NSEC);
    if (seconds < 0 || nanoseconds < 0) return -1;
    return RingWait.nanos(seconds, nanoseconds);
  }
}
