package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADR;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;

import dev.ringshot.abi.ErrnoException;

/// Where a ring enters its kernel, and what becomes of the kernel's excuses.
final class Gate {
  private final Descriptor descriptor;
  private final SubmissionQueue submissions;
  private int refusals;

  Gate(Descriptor descriptor, SubmissionQueue submissions) {
    this.descriptor = descriptor;
    this.submissions = submissions;
  }

  /// Submits what is prepared.
  ///
  /// @return entries the kernel took; 0 if it refuses for now
  int submit() {
    if (submissions.pending() == 0) return 0;
    int submitted;
    do {
      submitted = enter(0);
    } while (submitted == -EINTR);
    return Math.max(submitted, 0);
  }

  /// Submits, and waits for completions unless that is interrupted or refused.
  ///
  /// @return entries the kernel took
  int submitAndWait(int completionsMin) {
    return Math.max(enter(completionsMin), 0);
  }

  /// Has the kernel run what waits for this thread, and post what had no room. Neither submits nor
  /// waits.
  void runTaskWork() {
    int result = descriptor.enter(0, 0, IORING_ENTER_GETEVENTS);
    if (result < 0 && result != -EINTR && !isBusy(result)) throw failure(-result);
  }

  /// Something has completed: the kernel may have room for what it refused.
  void progress() {
    refusals = 0;
  }

  private int enter(int minComplete) {
    int flags = minComplete > 0 ? IORING_ENTER_GETEVENTS : 0;
    int result = descriptor.enter(submissions.publish(), minComplete, flags);
    if (result > 0) progress();
    if (result >= 0 || result == -EINTR) return result;
    if (!isBusy(result) || ++refusals > Ring.REFUSALS_MAX) throw failure(-result);
    runTaskWork(); // what completes makes room; waiting for it might be waiting for ever
    return result;
  }

  private static boolean isBusy(int result) {
    return result == -EAGAIN || result == -EBUSY;
  }

  private static ErrnoException failure(int errno) {
    String advice =
        switch (errno) {
          case EEXIST -> "a ring belongs to the thread that opened it";
          case EBADR -> "the kernel had no memory for a completion and lost it; close this ring";
          case EBUSY, EAGAIN -> "the kernel takes no more requests; dispatch completions first";
          default -> "";
        };
    return new ErrnoException("io_uring_enter", errno, advice);
  }
}
