package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADR;
import static dev.ringshot.abi.Errno.EINTR;
import static dev.ringshot.abi.Errno.ETIME;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One wait for completions (`io_cqring_wait`).
final class RingWait {
  static final long NO_TIMEOUT = Long.MAX_VALUE;

  private final Task task;
  private final Scheduler scheduler;
  private int untilTail;
  private int missing; // when it was last looked
  private int timeoutsBefore;

  RingWait(Task task, Scheduler scheduler) {
    this.task = task;
    this.scheduler = scheduler;
  }

  /// Nanoseconds of a timespec: 0 if it is negative, [#NO_TIMEOUT] if it is longer than time.
  static long nanos(long seconds, long nanoseconds) {
    if (seconds < 0) return 0;
    if (seconds >= Long.MAX_VALUE / 1_000_000_000L) return NO_TIMEOUT;
    long sum = seconds * 1_000_000_000L + nanoseconds;
    if (nanoseconds < 0) return Math.max(sum, 0);
    return sum < 0 ? NO_TIMEOUT : sum;
  }

  /// @param sigsetError what is wrong with the signals to mask; only a call that waits masks them
  /// @param late files that submitting let go of: they are dropped by task work of the thread,
  ///   which runs behind the ring's own
  /// @return 0, or why it ended with the completion queue empty
  int run(
      RingContext ring,
      int minComplete,
      long timeoutNanos,
      boolean absolute,
      long minWaitNanos,
      int sigsetError,
      List<OpenFile> late) {
    int wanted = (int) Math.min(Integer.toUnsignedLong(minComplete), ring.layout().cqEntries());
    runTaskWork(ring, wanted, Math.max(wanted, LocalWork.RUN_MAX), late);
    if (Integer.compareUnsigned(ring.cq.pending(), wanted) >= 0) return 0;
    if (sigsetError != 0) return sigsetError;
    int tailBefore = ring.cq.published();
    int outerTail = untilTail; // an event of virtual time may call the kernel too, and wait
    int outerMissing = missing;
    int outerTimeouts = timeoutsBefore;
    untilTail = ring.cq.head() + wanted;
    missing = untilTail - tailBefore;
    timeoutsBefore = ring.timeouts.fired();

    long start = scheduler.nanoTime();
    long minDeadline = minWaitNanos == 0 ? NO_TIMEOUT : saturated(start, minWaitNanos);
    long deadline =
        timeoutNanos == NO_TIMEOUT || absolute ? timeoutNanos : saturated(start, timeoutNanos);
    ring.waiters.add(Thread.currentThread());
    try {
      int result = await(ring, minDeadline != NO_TIMEOUT ? minDeadline : deadline);
      boolean goesOn = minDeadline < deadline && deadline != NO_TIMEOUT;
      if (result == -ETIME && goesOn && !ring.cq.hasPending()) {
        untilTail = tailBefore + 1; // from now on anything will do
        result = await(ring, deadline);
      }
      return ring.cq.hasPending() ? 0 : result;
    } finally {
      ring.waiters.remove(Thread.currentThread());
      untilTail = outerTail;
      missing = outerMissing;
      timeoutsBefore = outerTimeouts;
    }
  }

  /// Waits until `ring` posts something, or for so long.
  void awaitChange(RingContext ring, long nanos) {
    var _ = run(ring, ring.cq.pending() + 1, nanos, false, 0, 0, List.of());
  }

  private static long saturated(long start, long nanos) {
    long sum = start + nanos;
    return sum < start ? NO_TIMEOUT : sum;
  }

  /// @return 0, or why the wait ended without what it waited for
  private int await(RingContext ring, long deadline) {
    var timer = scheduler.isVirtual() && deadline != NO_TIMEOUT ? wakeAt(deadline) : null;
    boolean interrupted = false;
    try {
      while (true) {
        if (ring.kernel().options().faults().strikes(Faults.Point.WAIT_INTERRUPTED)) return -EINTR;
        boolean late = deadline != NO_TIMEOUT && scheduler.nanoTime() >= deadline;
        if (!late) sleep(ring, deadline);
        interrupted |=
            Thread.interrupted(); // a Java interrupt is no signal: it stays for the program to see
        runTaskWork(ring, missing, missing, List.of());
        if (ring.cq.hasDropped()) return -EBADR;
        if (isSatisfied(ring) || ring.hasFailed()) return 0;
        if (late) return -ETIME;
        missing = untilTail - ring.cq.published();
      }
    } finally {
      if (timer != null) {
        var _ = timer.cancel();
      }
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private @Nullable Timer wakeAt(long deadline) {
    return scheduler.afterNanos(deadline - scheduler.nanoTime(), () -> {});
  }

  /// Nothing that may park stands between looking and parking: it would take the wake-up.
  private void sleep(RingContext ring, long deadline) {
    boolean mayLag = ring.kernel().options().faults().concern(Faults.Point.WORKER_LAG);
    if (mayLag && !scheduler.isVirtual() && ring.freeHeld()) return;
    if (isSatisfied(ring) || ring.localWork.isPending() || task.hasWork()) return;
    if (ring.hasFailed() || ring.cq.hasDropped()) return;
    if (scheduler.isVirtual()) {
      if (scheduler.step() || ring.freeHeld()) return;
      throw hang(ring);
    }
    if (deadline == NO_TIMEOUT) LockSupport.park(ring);
    else LockSupport.parkNanos(ring, Math.max(deadline - scheduler.nanoTime(), 1));
  }

  private VirtualHangException hang(RingContext ring) {
    return new VirtualHangException(
        "io_uring_enter waits for "
            + (untilTail - ring.cq.published())
            + " more completions and nothing is scheduled that could bring one"
            + ring.kernel().seedNote()
            + "; on Linux this program would hang"
            + parked(ring));
  }

  private static String parked(RingContext ring) {
    ring.lock();
    try {
      var commands = ring.commands.describeParked();
      return commands.isEmpty() ? "" : ". Commands in drivers' hands: " + commands;
    } finally {
      ring.unlock();
    }
  }

  private boolean isSatisfied(RingContext ring) {
    return ring.cq.published() - untilTail >= 0 || ring.timeouts.fired() != timeoutsBefore;
  }

  /// The ring's own first, then the thread's.
  private void runTaskWork(RingContext ring, int wanted, int limit, List<OpenFile> late) {
    if (ring.isDeferred() && ring.localWork.isPending()) {
      ring.lock();
      try {
        ring.localWork.run(wanted, limit);
      } finally {
        ring.unlock();
      }
    }
    task.drain();
    for (var file : late) file.drop();
    ring.lock();
    try {
      ring.flushOverflow();
    } finally {
      ring.unlock();
    }
  }
}
