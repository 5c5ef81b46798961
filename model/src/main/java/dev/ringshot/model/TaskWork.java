package dev.ringshot.model;

import org.jspecify.annotations.Nullable;

/// Something to be done in the context of a ring's task (`io_task_work`): on its thread's way
/// through the kernel, with the ring's lock held.
abstract class TaskWork {
  @Nullable TaskWork next;

  /// The ring whose lock it needs.
  abstract RingContext ring();

  abstract void runInTask();
}
