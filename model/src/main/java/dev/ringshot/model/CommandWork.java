package dev.ringshot.model;

import org.jspecify.annotations.Nullable;

/// A driver's task on its way to a ring's context.
final class CommandWork extends TaskWork {
  private final UringCmd command;
  private volatile @Nullable Runnable task;

  CommandWork(UringCmd command) {
    this.command = command;
  }

  /// @return whether it was free, and now carries `todo`
  boolean tryLoad(Runnable todo) {
    return command.claimWork() && load(todo);
  }

  boolean load(Runnable todo) {
    task = todo;
    return true;
  }

  Task task() {
    return command.task();
  }

  @Override
  RingContext ring() {
    return command.ring();
  }

  @Override
  void runInTask() {
    var todo = task;
    task = null;
    command.releaseWork(this);
    if (todo != null) command.runInContext(todo);
  }
}
