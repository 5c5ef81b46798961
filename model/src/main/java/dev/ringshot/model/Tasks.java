package dev.ringshot.model;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The threads that have called a kernel. The kernel has their tasks, and each thread finds its own
/// by a weak reference: a thread that outlives the kernel must not keep it.
final class Tasks {
  private static final int FORGET_FROM = 64;

  private final ModelKernel kernel;
  private final ThreadLocal<WeakReference<Task>> own = ThreadLocal.withInitial(this::add);
  private final List<Task> all = new ArrayList<>();
  private int forgetAt = FORGET_FROM;

  Tasks(ModelKernel kernel) {
    this.kernel = kernel;
  }

  /// The calling thread's.
  Task current() {
    return Objects.requireNonNull(own.get().get(), "is kept while its thread lives");
  }

  private WeakReference<Task> add() {
    var task = new Task(kernel);
    synchronized (all) {
      if (all.size() >= forgetAt) {
        all.removeIf(Task::isOver);
        forgetAt = Math.max(FORGET_FROM, 2 * all.size()); // so that looking costs little a thread
      }
      all.add(task);
    }
    return new WeakReference<>(task);
  }

  /// Empties the registered rings of the calling thread and of those that have ended.
  ///
  /// @return their files, now the caller's
  List<OpenFile> takeRegisteredRings() {
    var current = current();
    var files = new ArrayList<OpenFile>();
    synchronized (all) {
      for (var task : all)
        if (task == current || task.hasEnded()) files.addAll(task.takeRegisteredRings());
    }
    return files;
  }
}
