package dev.ringshot.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/// Those who wait for a file to become ready (`wait_queue_head_t`). A driver owns one for each of
/// its conditions, names it in [FileOperations#poll], and wakes it when the condition may have come
/// true. Any thread.
public final class WaitQueue {
  private static final Waiter[] NOBODY = {};
  private static final ThreadLocal<Wakes> WAKES = ThreadLocal.withInitial(Wakes::new);

  private final LinkedHashSet<Waiter> waiters = LinkedHashSet.newLinkedHashSet(1);
  private volatile Waiter @Nullable [] inOrder = NOBODY; // null after a change

  /// No one waits yet.
  public WaitQueue() {}

  /// Tells everyone who waits.
  ///
  /// @param mask `POLLIN`, … as far as the caller knows what became true; 0 to have the file polled
  ///   again
  public void wake(int mask) {
    var all = inOrder;
    if (all == null) all = order();
    if (all.length > 0) WAKES.get().wake(all, mask);
  }

  /// In front of the others, as `add_wait_queue` does: who came last hears first. Behind them, as
  /// `add_wait_queue_exclusive` does, who is woken alone: who came first hears first.
  private synchronized Waiter[] order() {
    var all = new ArrayList<Waiter>(waiters.size());
    for (var waiter : waiters.reversed()) if (!waiter.waitsBehind()) all.add(waiter);
    for (var waiter : waiters) if (waiter.waitsBehind()) all.add(waiter);
    var array = all.toArray(NOBODY);
    inOrder = array;
    return array;
  }

  synchronized void add(Waiter waiter) {
    waiters.add(waiter);
    inOrder = null;
  }

  /// @return whether it was there
  synchronized boolean remove(Waiter waiter) {
    if (!waiters.remove(waiter)) return false;
    inOrder = waiters.isEmpty() ? NOBODY : null;
    return true;
  }

  interface Waiter {
    /// Called on the waking thread, which may hold locks of its own: takes note, never acts.
    ///
    /// @return whether nobody behind it is to hear of `mask` (`EPOLLEXCLUSIVE`)
    boolean woken(int mask);

    /// Whether it is one of those who may be woken alone.
    default boolean waitsBehind() {
      return false;
    }
  }

  /// The wakes that a thread is at. Who is woken may wake others, as a ring does whose readiness is
  /// another's event; a program can make that deeper than a stack is, so from some depth on it
  /// happens later.
  private static final class Wakes {
    private static final int DEPTH_MAX = 16;

    private final ArrayDeque<Runnable> later = new ArrayDeque<>(0);
    private int depth;

    void wake(Waiter[] waiters, int mask) {
      if (depth == DEPTH_MAX) {
        later.addLast(() -> tell(waiters, mask));
        return;
      }
      depth++;
      try {
        tell(waiters, mask);
        if (depth == 1) for (var next = later.poll(); next != null; next = later.poll()) next.run();
      } finally {
        depth--;
      }
    }

    private static void tell(Waiter[] waiters, int mask) {
      for (var waiter : waiters) if (waiter.woken(mask)) return;
    }
  }
}
