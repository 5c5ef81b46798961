package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD_FIXED;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.SyncCancelReg;
import java.lang.foreign.MemorySegment;

/// IORING_REGISTER_SYNC_CANCEL: cancels and, where a worker is at it, waits for it to end.
final class SyncCancel {
  private SyncCancel() {}

  static int run(RingContext ring, Task task, long arg, int count) {
    if (arg == 0 || count != 1) return -EINVAL;
    var reg = ring.kernel().memory().read(arg, SyncCancelReg.SIZE);
    if (reg == null) return -EFAULT;
    int flags = reg.get(JAVA_INT, SyncCancelReg.FLAGS);
    if ((flags & ~AsyncCancelOp.FLAGS) != 0 || !isPadZero(reg)) return -EINVAL;
    OpenFile file = null;
    if ((flags & IORING_ASYNC_CANCEL_FD) != 0) {
      boolean fixed = (flags & IORING_ASYNC_CANCEL_FD_FIXED) != 0;
      ring.lock();
      try {
        file = AsyncCancelOp.file(ring, reg.get(JAVA_INT, SyncCancelReg.FD), fixed);
      } finally {
        ring.unlock();
      }
      if (file == null) return -EBADF;
    }
    int opcode = reg.get(JAVA_BYTE, SyncCancelReg.OPCODE) & 0xff;
    var key = new CancelKey(reg.get(JAVA_LONG, SyncCancelReg.ADDR), flags, file, opcode, null);
    try {
      int first = cancel(ring, key);
      return first == -EALREADY ? waitFor(ring, task, key, timeout(reg)) : first;
    } finally {
      if (file != null) file.drop();
    }
  }

  private static boolean isPadZero(MemorySegment reg) {
    for (int at = SyncCancelReg.PAD; at < SyncCancelReg.SIZE; at++)
      if (reg.get(JAVA_BYTE, at) != 0) return false;
    return true;
  }

  private static long timeout(MemorySegment reg) {
    long seconds = reg.get(JAVA_LONG, SyncCancelReg.TIMEOUT);
    long nanos = reg.get(JAVA_LONG, SyncCancelReg.TIMEOUT + 8);
    return seconds == -1 && nanos == -1 ? RingWait.NO_TIMEOUT : RingWait.nanos(seconds, nanos);
  }

  private static int cancel(RingContext ring, CancelKey key) {
    ring.lock();
    try {
      return Cancellation.cancel(ring, key);
    } finally {
      ring.unlock();
    }
  }

  /// The request is on a worker: looks again after each completion of the ring.
  private static int waitFor(RingContext ring, Task task, CancelKey key, long timeoutNanos) {
    var scheduler = ring.kernel().scheduler();
    long deadline = scheduler.nanoTime() + timeoutNanos;
    if (timeoutNanos == RingWait.NO_TIMEOUT || deadline < 0) deadline = RingWait.NO_TIMEOUT;
    int result = ring.freeHeld() ? cancel(ring, key) : -EALREADY;
    while (result == -EALREADY) {
      long left =
          deadline == RingWait.NO_TIMEOUT ? RingWait.NO_TIMEOUT : deadline - scheduler.nanoTime();
      if (left <= 0) return -ETIME;
      task.ringWait().awaitChange(ring, left);
      result = cancel(ring, key);
    }
    return result == -ENOENT || result > 0 ? 0 : result;
  }
}
