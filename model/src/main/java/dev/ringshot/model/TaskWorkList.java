package dev.ringshot.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Task work waiting to run: a stack that any thread may push on, taken whole and in order of
/// arrival.
final class TaskWorkList {
  private static final VarHandle TOP;

  static {
    try {
      TOP =
          MethodHandles.lookup()
              .findVarHandle(TaskWorkList.class, "top", TaskWork.class)
              .withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable TaskWork top;

  boolean isEmpty() {
    return top == null;
  }

  /// @return whether it was empty before
  boolean push(TaskWork work) {
    TaskWork first;
    do {
      first = top;
      work.next = first;
    } while (!TOP.compareAndSet(this, first, work));
    return first == null;
  }

  /// Everything in it, first come first, linked by [TaskWork#next]; null if there is nothing.
  @Nullable TaskWork takeAll() {
    if (top == null) return null;
    var last = (TaskWork) TOP.getAndSet(this, (TaskWork) null);
    TaskWork ordered = null;
    while (last != null) {
      var before = last.next;
      last.next = ordered;
      ordered = last;
      last = before;
    }
    return ordered;
  }
}
