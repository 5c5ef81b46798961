package dev.ringshot.model;

import java.util.Arrays;

/// Those who wait for a file to become ready (`wait_queue_head_t`). A driver owns one for each of
/// its conditions, names it in [FileOperations#poll], and wakes it when the condition may have come
/// true. Any thread.
public final class WaitQueue {
  private static final Waiter[] NOBODY = {};

  private volatile Waiter[] waiters = NOBODY;

  /// No one waits yet.
  public WaitQueue() {}

  /// Tells everyone who waits.
  ///
  /// @param mask `POLLIN`, … as far as the caller knows what became true; 0 to have the file polled
  ///   again
  public void wake(int mask) {
    for (var waiter : waiters) {
      waiter.woken(mask);
      if (waiter.isExclusive(mask)) return;
    }
  }

  /// In front of the others, as `add_wait_queue` does: who came last hears first. Behind them, as
  /// `add_wait_queue_exclusive` does, who is woken alone: who came first hears first.
  synchronized void add(Waiter waiter) {
    boolean behind = waiter.waitsBehind();
    var next = new Waiter[waiters.length + 1];
    next[behind ? waiters.length : 0] = waiter;
    System.arraycopy(waiters, 0, next, behind ? 0 : 1, waiters.length);
    waiters = next;
  }

  synchronized void remove(Waiter waiter) {
    var now = waiters;
    for (int i = 0; i < now.length; i++) {
      if (now[i] != waiter) continue;
      var next = Arrays.copyOf(now, now.length - 1);
      System.arraycopy(now, i + 1, next, i, next.length - i);
      waiters = next;
      return;
    }
  }

  interface Waiter {
    /// Called on the waking thread, which may hold locks of its own: takes note, never acts.
    void woken(int mask);

    /// Whether nobody behind it is to hear of `mask` (`EPOLLEXCLUSIVE`).
    default boolean isExclusive(int mask) {
      return false;
    }

    /// Whether it is one of those.
    default boolean waitsBehind() {
      return false;
    }
  }
}
