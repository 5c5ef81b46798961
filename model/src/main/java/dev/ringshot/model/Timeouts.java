package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_ABS;
import static dev.ringshot.abi.IoUring.IORING_TIMEOUT_REALTIME;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A ring's armed timeouts, guarded by its lock.
final class Timeouts {
  /// The LINK_TIMEOUTs whose time runs, oldest first.
  final Set<LinkTimeout> limits = new LinkedHashSet<>();

  private final RingContext ring;
  private final ParkedTable armed;
  private @Nullable RequestTimeout first; // as Linux looks through them: first those that count,
  private @Nullable RequestTimeout lastCounted; // by target,
  private @Nullable RequestTimeout last; // then the others by age
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
    insert(timeout, last);
  }

  /// Arms one that also ends when `completions` more have been posted.
  void addCounted(RequestTimeout timeout, int completions) {
    armed.add(timeout);
    if (lastCounted == null) lastFlush = ring.cq.tail() - fired.get();
    int now = position();
    timeout.target = now + completions;
    int base = countsFromLastLook() ? lastFlush : now;
    lastFlush = base;
    var place = lastCounted; // behind those that end before it
    while (place != null && Integer.compareUnsigned(place.target - base, timeout.target - base) > 0)
      place = place.ahead;
    insert(timeout, place);
    if (place == lastCounted) lastCounted = timeout;
  }

  void remove(RequestTimeout timeout) {
    if (!timeout.listed) return;
    armed.remove(timeout);
    var previous = timeout.ahead;
    var next = timeout.behind;
    if (timeout == lastCounted) lastCounted = previous; // no other kind stands before it
    if (previous == null) first = next;
    else previous.behind = next;
    if (next == null) last = previous;
    else next.ahead = previous;
    timeout.ahead = null;
    timeout.behind = null;
  }

  private void insert(RequestTimeout timeout, @Nullable RequestTimeout place) {
    var next = place == null ? first : place.behind;
    timeout.ahead = place;
    timeout.behind = next;
    if (place == null) first = timeout;
    else place.behind = timeout;
    if (next == null) last = timeout;
    else next.ahead = timeout;
  }

  @Nullable RequestTimeout find(CancelKey key) {
    if (key.isByUserDataAlone()) return (RequestTimeout) armed.find(key);
    var timeout = first;
    while (timeout != null && !key.matches(timeout.request)) timeout = timeout.behind;
    return timeout;
  }

  /// A LINK_TIMEOUT whose time runs, or null.
  @Nullable LinkTimeout findLimit(long userData) {
    for (var limit : limits) if (limit.request.userData() == userData) return limit;
    return null;
  }

  int cancelAll(CancelKey key) {
    int count = 0;
    for (var timeout = first; timeout != null; ) {
      var next = timeout.behind; // cancel() takes it out
      if (key.matches(timeout.request)) {
        var _ = timeout.cancel();
        count++;
      }
      timeout = next;
    }
    return count;
  }

  /// Ends those that waited for as many completions as have now been posted (`io_flush_timeouts`).
  void countCompletions() {
    int tail = ring.cq.tail();
    if (lastCounted == null || tail == countedTail) return;
    countedTail = tail;
    int now = position();
    for (var timeout = first; timeout != null && timeout.isCounted(); ) {
      if (Integer.compareUnsigned(now - lastFlush, timeout.target - lastFlush) < 0) break;
      var next = timeout.behind;
      var _ = timeout.endWith(0); // or its timer is running, and that ends it
      timeout = next;
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
