package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Timespec;

/// IORING_OP_TIMEOUT.
final class TimeoutOp implements Operation {
  private static final int FLAGS =
      IORING_TIMEOUT_ABS
          | IORING_TIMEOUT_BOOTTIME
          | IORING_TIMEOUT_REALTIME
          | IORING_TIMEOUT_ETIME_SUCCESS
          | IORING_TIMEOUT_MULTISHOT;

  @Override
  public int prep(Request request) {
    if (hasStrayFields(request)) return -EINVAL;
    int error = checkFlags(request);
    return error != 0 ? error : readTime(request, request.addr(), request.opFlags());
  }

  /// What TIMEOUT and LINK_TIMEOUT have in common (`__io_timeout_prep`).
  static boolean hasStrayFields(Request request) {
    if (request.addr3() != 0 || request.attributes() != 0) return true;
    return request.bufIndex() != 0 || request.len() != 1 || request.fileIndex() != 0;
  }

  static int checkFlags(Request request) {
    int flags = request.opFlags();
    boolean immediate = request.ring().kernel().options().release().hasTimeoutImmediateArg();
    int known = immediate ? FLAGS | IORING_TIMEOUT_IMMEDIATE_ARG : FLAGS;
    if ((flags & ~known) != 0 || (flags & IORING_TIMEOUT_CLOCK_MASK) == IORING_TIMEOUT_CLOCK_MASK)
      return -EINVAL;
    int repeatsAt = IORING_TIMEOUT_MULTISHOT | IORING_TIMEOUT_ABS;
    return (flags & repeatsAt) == repeatsAt ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    new RequestTimeout(request, request.nanos, request.opFlags(), request.off()).start();
    return Request.QUEUED;
  }

  /// Keeps the time that an SQE gives: a timespec at `addr`, or with `IORING_TIMEOUT_IMMEDIATE_ARG`
  /// nanoseconds.
  ///
  /// @return 0, `-EFAULT`, or `-EINVAL` if it is no time
  static int readTime(Request request, long addr, int flags) {
    if ((flags & IORING_TIMEOUT_IMMEDIATE_ARG) != 0) {
      request.nanos = addr;
      return addr < 0 ? -EINVAL : 0;
    }
    var time = request.ring().kernel().memory().read(addr, Timespec.SIZE);
    if (time == null) return -EFAULT;
    long seconds = time.get(JAVA_LONG, Timespec.TV_SEC);
    long nanoseconds = time.get(JAVA_LONG, Timespec.TV_NSEC);
    request.nanos = RingWait.nanos(seconds, nanoseconds);
    return seconds < 0 || nanoseconds < 0 ? -EINVAL : 0;
  }
}
