package dev.ringshot.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread as the kernel sees it: the rings it registered, and the task work of its rings that run
/// it at any way out of the kernel (all but `IORING_SETUP_DEFER_TASKRUN` ones, which keep their
/// own).
///
/// ```text
///   event's thread                      the task's thread
///   push(work)                          … leaves the kernel:
///   if (!inKernel) have it drained        inKernel = false
///                                         if (work came) drain once more
/// ```
///
/// Each side writes before it reads, so one of them sees the other.
final class Task {
  /// `IO_RINGFD_REG_MAX`.
  static final int REGISTERED_RINGS = 16;

  final @Nullable OpenFile[] registeredRings = new @Nullable OpenFile[REGISTERED_RINGS];
  private final Thread thread = Thread.currentThread();
  private final Scheduler scheduler;
  private final TaskWorkList work = new TaskWorkList();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final EnterCall enterCall;
  private final RingWait ringWait;
  private final Runnable drain = this::drain;
  private final boolean runsUntilNoneIsLeft;
  private final Faults faults;

  /// Files that are dropped behind the task work that was queued with them: Linux runs first what
  /// came last (`task_work_run`).
  private List<OpenFile> late = List.of();

  private final AtomicBoolean interrupted = new AtomicBoolean();

  /// The next in the list of those that someone stands in for: [Interrupts]' own.
  @Nullable Task nextInterrupted;

  private volatile boolean inKernel;

  Task(ModelKernel kernel) {
    this.scheduler = kernel.scheduler();
    this.runsUntilNoneIsLeft = kernel.options().release().runsTaskWorkUntilNoneIsLeft();
    this.faults = kernel.options().faults();
    this.enterCall = new EnterCall(kernel, this);
    this.ringWait = new RingWait(this, scheduler);
  }

  Thread thread() {
    return thread;
  }

  EnterCall enterCall() {
    return enterCall;
  }

  RingWait ringWait() {
    return ringWait;
  }

  /// Whether its thread has ended.
  boolean hasEnded() {
    return !thread.isAlive();
  }

  /// Whether nothing can come of it any more: its thread has ended and has left nothing.
  boolean isOver() {
    if (!hasEnded() || hasWork()) return false;
    for (var file : registeredRings) if (file != null) return false;
    return true;
  }

  /// Empties its registered rings.
  ///
  /// @return their files, now the caller's
  List<OpenFile> takeRegisteredRings() {
    var files = new ArrayList<OpenFile>();
    for (int index = 0; index < REGISTERED_RINGS; index++) {
      var file = registeredRings[index];
      registeredRings[index] = null;
      if (file != null) files.add(file);
    }
    return files;
  }

  void enterKernel() {
    inKernel = true;
  }

  void leaveKernel() {
    drain();
    inKernel = false;
    if (!work.isEmpty()) drain();
  }

  /// Queues work. Unless the ring is cooperative, someone stands in for the thread if it is not in
  /// the kernel.
  void add(TaskWork todo, boolean cooperative) {
    work.push(todo);
    if (inKernel) LockSupport.unpark(thread);
    else if (!cooperative) scheduler.interrupt(this);
  }

  /// What whoever stands in for the thread runs.
  Runnable drainer() {
    return drain;
  }

  boolean claimInterrupt() {
    return interrupted.compareAndSet(false, true);
  }

  void releaseInterrupt() {
    interrupted.set(false);
  }

  boolean hasWork() {
    return !work.isEmpty();
  }

  /// Runs what waits. Only one thread at a time does; what comes meanwhile is its to run.
  void drain() {
    while (!work.isEmpty() && draining.compareAndSet(false, true)) {
      try {
        do {
          var before = late;
          late = List.of();
          run(work.takeAll());
          for (var file : before) file.drop();
        } while (!late.isEmpty());
      } finally {
        draining.set(false);
      }
    }
  }

  private void run(@Nullable TaskWork first) {
    for (var next = first; next != null; ) {
      var ring = next.ring();
      ring.lock();
      try {
        next = run(next, ring);
        boolean wasEmpty = work.isEmpty();
        ring.afterTaskWork();
        if (wasEmpty && !work.isEmpty()) dropLate(ring.takeDroppedFirst());
      } finally {
        ring.unlock();
      }
    }
  }

  private void dropLate(List<OpenFile> files) {
    if (late.isEmpty()) {
      late = files;
      return;
    }
    var all = new ArrayList<>(late);
    all.addAll(files);
    late = all;
  }

  /// Runs what is of `ring`, and gives back what is not.
  private @Nullable TaskWork run(TaskWork first, RingContext ring) {
    TaskWork next = first;
    while (next != null && next.ring() == ring) {
      var todo = next;
      next = todo.next;
      todo.next = null;
      boolean goesOn = runsUntilNoneIsLeft && (next != null || !work.isEmpty());
      ring.runTask(todo);
      if (faults.strikes(Faults.Point.PREEMPTION)) ring.afterTaskWork();
      if (next == null && goesOn) next = work.takeAll();
    }
    return next;
  }
}
