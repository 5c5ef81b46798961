package dev.ringshot.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Stands in, in real time, for threads that are outside the kernel when task work comes for them
/// (Linux would interrupt them): one daemon thread, started when first needed. Asking for it
/// allocates nothing.
final class Interrupts {
  private static final VarHandle TOP;

  static {
    try {
      TOP =
          MethodHandles.lookup()
              .findVarHandle(Interrupts.class, "top", Task.class)
              .withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Task top;
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  /// Has `task`'s work run soon, by another thread than this. Any thread; of several calls before
  /// that happens the first counts.
  void interrupt(Task task) {
    if (!task.claimInterrupt()) return;
    Task next;
    do {
      next = top;
      task.nextInterrupted = next;
    } while (!TOP.compareAndSet(this, next, task));
    var running = thread;
    LockSupport.unpark(running != null ? running : start());
  }

  private synchronized @Nullable Thread start() {
    if (thread == null && !closed)
      thread = Thread.ofPlatform().daemon().name("model-interrupts").start(this::run);
    return thread;
  }

  private void run() {
    while (!closed) {
      var task = (Task) TOP.getAndSet(this, (Task) null);
      if (task == null) LockSupport.park(this);
      while (task != null) {
        var next = task.nextInterrupted;
        task.nextInterrupted = null;
        task.releaseInterrupt();
        task.drain();
        task = next;
      }
    }
  }

  synchronized void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
