package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EBADR;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.GeteventsArg;
import dev.ringshot.abi.Timespec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// io_uring_enter(2), as one task calls it: one call at a time.
final class EnterCall {
  /// `IORING_ENTER_*`, all that there are.
  static final int FLAGS =
      IORING_ENTER_GETEVENTS
          | IORING_ENTER_SQ_WAKEUP
          | IORING_ENTER_SQ_WAIT
          | IORING_ENTER_EXT_ARG
          | IORING_ENTER_REGISTERED_RING
          | IORING_ENTER_ABS_TIMER
          | IORING_ENTER_EXT_ARG_REG
          | IORING_ENTER_NO_IOWAIT;

  private static final int SIGSET_BYTES = 8;
  private static final int REG_WAIT_BYTES = 64; // struct io_uring_reg_wait

  private final ModelKernel kernel;
  private final Task task;
  private @Nullable RingContext ring;
  private long minWaitNanos;
  private long timeoutNanos;
  private int sigsetError;

  EnterCall(ModelKernel kernel, Task task) {
    this.kernel = kernel;
    this.task = task;
  }

  /// The ring it was about, if it found one.
  @Nullable RingContext ring() {
    return ring;
  }

  int run(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    ring = null;
    minWaitNanos = 0;
    sigsetError = 0;
    timeoutNanos = RingWait.NO_TIMEOUT;
    if ((flags & ~FLAGS) != 0) return -EINVAL;
    if ((flags & IORING_ENTER_REGISTERED_RING) != 0) {
      if (fd < 0 || fd >= Task.REGISTERED_RINGS) return -EINVAL;
      var file = task.registeredRings[fd];
      return file == null ? -EBADF : run(file, toSubmit, minComplete, flags, arg, argSize);
    }
    var file = kernel.files().hold(fd);
    if (file == null) return -EBADF;
    try {
      return run(file, toSubmit, minComplete, flags, arg, argSize);
    } finally {
      file.drop();
    }
  }

  private int run(OpenFile file, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    if (!(file.operations() instanceof RingContext found)) return -EOPNOTSUPP;
    if (found.isDisabled()) return -EBADFD;
    ring = found;
    int submitted = 0;
    List<OpenFile> late = List.of();
    if (toSubmit != 0) {
      if (found.submitter() != null && found.submitter() != task) return -EEXIST;
      found.lock();
      try {
        submitted = found.issuer.submit(toSubmit, task);
        if (submitted != toSubmit) return submitted;
        if ((flags & IORING_ENTER_GETEVENTS) != 0 && found.isDeferred()) {
          found.localWork.run(minComplete);
          late = found.takeDropped();
        }
      } finally {
        found.unlock();
      }
    }
    if ((flags & IORING_ENTER_GETEVENTS) == 0) return submitted;
    int waited = readArg(flags, arg, argSize);
    if (waited == 0) waited = wait(found, minComplete, flags, late);
    else for (var dropped : late) dropped.drop();
    if (submitted != 0) return submitted;
    if (waited == -EBADR) {
      var _ = found.cq.takeDropped();
    }
    return waited;
  }

  private int wait(RingContext found, int minComplete, int flags, List<OpenFile> late) {
    if (found.isDeferred() && found.submitter() != task) return -EEXIST;
    boolean absolute = (flags & IORING_ENTER_ABS_TIMER) != 0;
    return task.ringWait()
        .run(found, minComplete, timeoutNanos, absolute, minWaitNanos, sigsetError, late);
  }

  /// io_get_ext_arg()
  private int readArg(int flags, long arg, long argSize) {
    if ((flags & IORING_ENTER_EXT_ARG) == 0) {
      sigsetError = checkSigset(arg, argSize);
      return 0;
    }
    if ((flags & IORING_ENTER_EXT_ARG_REG) != 0)
      return argSize == REG_WAIT_BYTES ? -EFAULT : -EINVAL; // no registered wait region
    if (argSize != GeteventsArg.SIZE) return -EINVAL;
    var bytes = kernel.memory().read(arg, GeteventsArg.SIZE);
    if (bytes == null) return -EFAULT;
    minWaitNanos = Integer.toUnsignedLong(bytes.get(JAVA_INT, GeteventsArg.MIN_WAIT_USEC)) * 1_000;
    long timespec = bytes.get(JAVA_LONG, GeteventsArg.TS);
    if (timespec != 0) {
      var time = kernel.memory().read(timespec, Timespec.SIZE);
      if (time == null) return -EFAULT;
      timeoutNanos =
          RingWait.nanos(
              time.get(JAVA_LONG, Timespec.TV_SEC), time.get(JAVA_LONG, Timespec.TV_NSEC));
    }
    sigsetError =
        checkSigset(
            bytes.get(JAVA_LONG, GeteventsArg.SIGMASK),
            Integer.toUnsignedLong(bytes.get(JAVA_INT, GeteventsArg.SIGMASK_SZ)));
    return 0;
  }

  // There are no signals to mask; but a bad mask is a bad argument of a call that has to wait.
  private int checkSigset(long address, long size) {
    if (address == 0) return 0;
    if (size != SIGSET_BYTES) return -EINVAL;
    return kernel.memory().find(address, SIGSET_BYTES) == null ? -EFAULT : 0;
  }
}
