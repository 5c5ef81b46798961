package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD;

/// Finding and ending what is parked: on a worker, on a file, on a timer. Commands parked in a
/// driver are in none of these.
final class Cancellation {
  private Cancellation() {}

  /// __io_async_cancel(), with the ring's lock held.
  ///
  /// @return for one: 0, `-ENOENT`, or `-EALREADY` if it is running; for all: how many, those of
  ///   workers as one
  static int cancel(RingContext ring, CancelKey key) {
    if (key.isForAll()) return all(ring, key);
    int result = tryCancel(ring, key);
    if (result != -ENOENT) return result;
    var worker = ring.workers.find(key); // one that runs: tryCancel() looks on
    return worker == null ? -ENOENT : worker.cancel();
  }

  /// io_try_cancel()
  ///
  /// @return 0, `-ENOENT` also for one that a worker runs, or `-EALREADY` for a timeout that goes
  ///   off
  static int tryCancel(RingContext ring, CancelKey key) {
    var worker = ring.workers.find(key);
    if (worker != null && worker.cancel() == 0) return 0;
    var poll = ring.polls.find(key);
    if (poll != null) return poll.cancel();
    var timeout = key.has(IORING_ASYNC_CANCEL_FD) ? null : ring.timeouts.find(key);
    return timeout == null ? -ENOENT : timeout.cancel();
  }

  private static int all(RingContext ring, CancelKey key) {
    int onWorkers = Math.min(1, ring.workers.cancelAll(key)); // io_wq_cancel_cb() takes all at once
    int count = onWorkers + ring.polls.cancelAll(key);
    return key.has(IORING_ASYNC_CANCEL_FD) ? count : count + ring.timeouts.cancelAll(key);
  }
}
