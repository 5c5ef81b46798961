package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_ABS;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_REALTIME;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A ring's armed timeouts, guarded by its lock.
final class Timeouts {
  /// The LINK_TIMEOUTs whose time runs, oldest first.
  final List<LinkTimeout> limits = new ArrayList<>();

  private final RingContext ring;
  private final ParkedTable armed;
  private final List<RequestTimeout> order = new ArrayList<>(); // as Linux looks through them
  private final List<RequestTimeout> counted = new ArrayList<>(); // by target
  private final AtomicInteger fired = new AtomicInteger();
  private int lastFlush;
  private int countedTail; // what was posted when they were last looked at

  Timeouts(RingContext ring) {
    this.ring = ring;
    this.armed = new ParkedTable(ring.layout().cqEntries());
  }

  /// Has `event` happen in so many nanoseconds, or at that time with `IORING_TIMEOUT_ABS`.
  static Timer schedule(RingContext ring, long nanos, int flags, Runnable event) {
    var scheduler = ring.kernel().scheduler();
    long delay = nanos;
    if ((flags & IORING_TIMEOUT_ABS) != 0) {
      boolean real = (flags & IORING_TIMEOUT_REALTIME) != 0;
      delay -= real ? scheduler.realTimeNanos() : scheduler.nanoTime();
    }
    return scheduler.afterNanos(delay, event);
  }

  /// Timeouts that have completed since the ring began: a wait ends when this moves
  /// (`cq_timeouts`).
  int fired() {
    return fired.get();
  }

  void countFired() {
    var _ = fired.incrementAndGet();
  }

  void add(RequestTimeout timeout) {
    armed.add(timeout);
    order.add(timeout);
  }

  /// Arms one that also ends when `completions` more have been posted.
  void addCounted(RequestTimeout timeout, int completions) {
    armed.add(timeout);
    if (counted.isEmpty()) lastFlush = ring.cq.tail() - fired.get();
    int now = position();
    timeout.target = now + completions;
    int base = countsFromLastLook() ? lastFlush : now;
    lastFlush = base;
    int place = order.size(); // behind those that end before it
    while (place > 0 && !endsBefore(order.get(place - 1), base, timeout.target)) place--;
    order.add(place, timeout);
    int at = counted.size();
    while (at > 0 && !endsBefore(counted.get(at - 1), base, timeout.target)) at--;
    counted.add(at, timeout);
  }

  private static boolean endsBefore(RequestTimeout other, int base, int target) {
    return other.isCounted() && Integer.compareUnsigned(other.target - base, target - base) <= 0;
  }

  void remove(RequestTimeout timeout) {
    armed.remove(timeout);
    order.remove(timeout);
    if (timeout.isCounted()) counted.remove(timeout);
  }

  @Nullable RequestTimeout find(CancelKey key) {
    if (key.isByUserDataAlone()) return (RequestTimeout) armed.find(key);
    for (var timeout : order) if (key.matches(timeout.request)) return timeout;
    return null;
  }

  /// A LINK_TIMEOUT whose time runs, or null.
  @Nullable LinkTimeout findLimit(long userData) {
    for (var limit : limits) if (limit.request.userData() == userData) return limit;
    return null;
  }

  int cancelAll(CancelKey key) {
    int count = 0;
    for (var timeout : List.copyOf(order)) {
      if (!key.matches(timeout.request)) continue;
      var _ = timeout.cancel();
      count++;
    }
    return count;
  }

  /// Ends those that waited for as many completions as have now been posted (`io_flush_timeouts`).
  void countCompletions() {
    int tail = ring.cq.tail();
    if (counted.isEmpty() || tail == countedTail) return;
    countedTail = tail;
    int now = position();
    while (!counted.isEmpty()) {
      var first = counted.getFirst();
      if (Integer.compareUnsigned(now - lastFlush, first.target - lastFlush) < 0) break;
      if (!first.endWith(0)) counted.removeFirst(); // its timer is running: let that end it
    }
    lastFlush = now;
  }

  /// Completions so far, without those of timeouts.
  private int position() {
    int position = ring.cq.tail() - fired.get();
    // One that is about to end is counted before its completion is.
    return position - lastFlush < 0 && countsFromLastLook() ? lastFlush : position;
  }

  private boolean countsFromLastLook() {
    return ring.kernel().options().release().countsTimeoutsFromLastLook();
  }
}
