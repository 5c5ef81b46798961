package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_ETIME_SUCCESS;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_MULTISHOT;

import org.jspecify.annotations.Nullable;

/// An armed TIMEOUT (`io_timeout_data`).
final class RequestTimeout extends Parked {
  int target;
  @Nullable RequestTimeout ahead; // in Timeouts
  @Nullable RequestTimeout behind;
  private final int flags;
  private int completions;
  private long nanos;
  private int repeats;
  private @Nullable Timer timer;

  /// @param nanos how long, or until when with `IORING_TIMEOUT_ABS`
  /// @param flags `IORING_TIMEOUT_*`
  /// @param off completions that end it too; how often it repeats with `IORING_TIMEOUT_MULTISHOT`;
  ///   0 for neither or for ever
  RequestTimeout(Request request, long nanos, int flags, long off) {
    super(request);
    this.nanos = nanos;
    this.flags = flags;
    int count = (int) off;
    this.completions = isMultishot() ? 0 : count;
    this.repeats = isMultishot() ? count : 0;
  }

  private boolean isMultishot() {
    return (flags & IORING_TIMEOUT_MULTISHOT) != 0;
  }

  boolean isCounted() {
    return completions != 0;
  }

  void start() {
    if (isCounted()) ring().timeouts.addCounted(this, completions);
    else ring().timeouts.add(this);
    schedule(flags);
  }

  /// Runs from now on for another time.
  ///
  /// @return 0 or `-EALREADY`
  int restart(long newNanos, int newFlags) {
    if (!stopTimer()) return -EALREADY;
    ring().timeouts.remove(this);
    completions = 0; // io_timeout_update() leaves it to its time alone, behind the others
    ring().timeouts.add(this);
    nanos = newNanos;
    schedule(newFlags);
    return 0;
  }

  private void schedule(int clockFlags) {
    timer = Timeouts.schedule(ring(), nanos, clockFlags, this::expire);
  }

  /// Its time has come; on the timer's thread.
  private void expire() {
    var ring = ring();
    ring.lock();
    try {
      if (!listed) return;
      ring.timeouts.remove(this);
    } finally {
      ring.unlock();
    }
    ring.addTaskWork(this);
  }

  @Override
  void runInTask() {
    ring().timeouts.countFired(); // with its completion, or a wait would end and find none
    if (goesOn() && ring().postMore(request, -ETIME, 0, 0, 0)) {
      ring().timeouts.add(this);
      schedule(0);
      return;
    }
    if ((flags & IORING_TIMEOUT_ETIME_SUCCESS) == 0) request.fail(-ETIME);
    request.res = -ETIME;
    ring().complete(request);
  }

  private boolean goesOn() {
    if (!isMultishot()) return false;
    return repeats == 0 || --repeats > 0;
  }

  @Override
  int cancel() {
    return endWith(-ECANCELED) ? 0 : -EALREADY;
  }

  /// Ends it before its time, by task work.
  ///
  /// @return false if it is going off already
  boolean endWith(int res) {
    if (!stopTimer()) return false;
    ring().timeouts.remove(this);
    if (res == 0 || ring().kernel().options().release().countsCancelledTimeouts())
      ring().timeouts.countFired();
    var _ = request.complete(res);
    ring().addTaskWork(request);
    return true;
  }

  private boolean stopTimer() {
    return timer != null && timer.cancel();
  }
}
