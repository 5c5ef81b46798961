package dev.ringshot.model;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Threads that wait in io_uring_enter(2) for a ring: one as a rule, for which nothing is
/// allocated. Each looks again for itself when woken.
final class Waiters {
  private static final Thread[] NOBODY = {};

  private volatile @Nullable Thread first;
  private volatile Thread[] others = NOBODY;

  synchronized void add(Thread thread) {
    if (first == null) {
      first = thread;
      return;
    }
    var next = Arrays.copyOf(others, others.length + 1);
    next[others.length] = thread;
    others = next;
  }

  synchronized void remove(Thread thread) {
    if (first == thread) {
      first = null;
      return;
    }
    var now = others;
    for (int i = 0; i < now.length; i++) {
      if (now[i] != thread) continue;
      var next = Arrays.copyOf(now, now.length - 1);
      System.arraycopy(now, i + 1, next, i, next.length - i);
      others = next;
      return;
    }
  }

  void wake() {
    var one = first;
    if (one != null) LockSupport.unpark(one);
    for (var thread : others) LockSupport.unpark(thread);
  }
}
