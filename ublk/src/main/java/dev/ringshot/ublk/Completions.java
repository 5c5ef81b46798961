package dev.ringshot.ublk;

import dev.ringshot.ring.Ring;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Requests that targets have completed, on whichever thread, on their way to the queue's own. A
/// request is in it at most once, so it is bounded by the queue's tags, and it takes nothing from
/// the heap: requests are linked by themselves.
///
/// A wake-up is a system call, so there is one only for a queue that waits:
///
/// ```
///   a target's thread                     the queue's thread
///   push the request                      isWaiting = true
///   isWaiting? then wake the ring         anything pushed? then do not wait
///                                         wait; isWaiting = false
/// ```
///
/// Each writes before it reads what the other writes, in one order for all threads: one of them
/// sees the other.
final class Completions implements RequestEnd {
  private final Ring ring;
  private final AtomicReference<@Nullable BlockRequest> last = new AtomicReference<>();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean isWaiting;

  Completions(Ring ring) {
    this.ring = ring;
  }

  /// Any thread.
  @Override
  public void onEnd(BlockRequest request, int result) {
    BlockRequest before;
    do {
      before = last.get();
      request.next(before);
    } while (!last.compareAndSet(before, request));
    if (isWaiting) ring.wake();
  }

  /// A completion came that was not the first. Any thread.
  void refused() {
    refused.incrementAndGet();
  }

  long refusals() {
    return refused.get();
  }

  /// Takes all, in the order of their ends.
  ///
  /// @return the first, linked to the others
  @Nullable BlockRequest takeAll() {
    if (last.get() == null) return null;
    BlockRequest request = last.getAndSet(null);
    BlockRequest first = null;
    while (request != null) {
      BlockRequest before = request.next();
      request.next(first);
      first = request;
      request = before;
    }
    return first;
  }

  /// Announces a wait.
  ///
  /// @return whether there is nothing to do before it
  boolean beginWait() {
    isWaiting = true;
    return last.get() == null;
  }

  void endWait() {
    isWaiting = false;
  }
}
