package dev.ringshot.model.ublk;

import dev.ringshot.model.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;

/// A mutex that blocks nobody: who finds it taken is called when it is his turn, on a worker.
/// (`ublk_ctl_mutex`, and `ub->mutex` as far as control commands hold it while they wait.)
final class Turn {
  private final Scheduler scheduler;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean taken;

  Turn(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Runs `body` once it is its turn, which lasts until [#pass].
  void take(Runnable body) {
    synchronized (this) {
      if (taken) {
        waiting.add(body);
        return;
      }
      taken = true;
    }
    body.run();
  }

  void pass() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      taken = next != null;
    }
    if (next != null) scheduler.execute(next);
  }
}
