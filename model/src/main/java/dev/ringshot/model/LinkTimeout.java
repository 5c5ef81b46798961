package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ETIME;

import org.jspecify.annotations.Nullable;

/// A LINK_TIMEOUT: cancels the request before it in its chain if that takes too long. Its time runs
/// from when that request waits. Guarded by the ring's lock.
final class LinkTimeout extends TaskWork {
  final Request request;
  private final long nanos;
  private final int flags;
  private @Nullable Request target; // until it ends or its time is over
  private @Nullable CancelKey victim; // from then on
  private @Nullable Timer timer;

  /// @param nanos how long, or until when with `IORING_TIMEOUT_ABS`
  /// @param flags `IORING_TIMEOUT_*`
  LinkTimeout(Request request, long nanos, int flags) {
    this.request = request;
    this.nanos = nanos;
    this.flags = flags;
  }

  void limit(Request limited) {
    target = limited;
    limited.limit = this;
  }

  /// Its target waits: the time runs, unless it does already or the target has ended
  /// (`io_queue_linked_timeout`).
  void start() {
    if (timer != null || target == null) return;
    ring().timeouts.limits.add(this);
    timer = Timeouts.schedule(ring(), nanos, flags, this::expire);
  }

  /// Runs from now on for another time.
  ///
  /// @return 0 or `-EALREADY`
  int restart(long newNanos, int newFlags) {
    if (timer == null || !timer.cancel()) return -EALREADY;
    timer = Timeouts.schedule(ring(), newNanos, newFlags, this::expire);
    return 0;
  }

  /// Its time is over; on the timer's thread.
  private void expire() {
    ring().lock();
    try {
      ring().timeouts.limits.remove(this);
      var late = target;
      if (late != null) {
        victim = CancelKey.ofUserData(late.userData());
        leave(late);
      }
    } finally {
      ring().unlock();
    }
    ring().addTaskWork(this);
  }

  /// Its target has ended and needs no limit any more (`io_disarm_next`).
  void targetEnded() {
    if (target != null) leave(target);
    if (timer != null && !timer.cancel()) return; // it is expiring
    ring().timeouts.limits.remove(this);
    request.res = -ECANCELED;
    request.queue(Request.Todo.COMPLETE);
  }

  /// Leaves the chain, which goes on behind it.
  private void leave(Request limited) {
    limited.link = request.link;
    limited.limit = null;
    request.link = null;
    target = null;
  }

  /// Its target is cancelled with the chain, and so is it.
  void forget(Request limited) {
    limited.limit = null;
    target = null;
  }

  @Override
  RingContext ring() {
    return request.ring();
  }

  @Override
  void runInTask() {
    int result = victim == null ? 0 : Cancellation.tryCancel(ring(), victim);
    request.res = result == 0 ? -ETIME : result;
    ring().complete(request);
  }
}
