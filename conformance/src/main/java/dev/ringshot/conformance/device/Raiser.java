package dev.ringshot.conformance.device;

import dev.ringshot.model.Scheduler;
import dev.ringshot.model.UringCmd;
import java.util.List;

/// A trigger whose events come from elsewhere, and which completes when all are raised.
final class Raiser {
  private final OpenDevice device;
  private final UringCmd cmd;
  private final List<RefEvent> list;
  private final int total;
  private int raised;
  private int notLost;

  Raiser(OpenDevice device, UringCmd cmd, List<RefEvent> list, int repeat) {
    this.device = device;
    this.cmd = cmd;
    this.list = list;
    this.total = list.size() * repeat;
  }

  /// All of them, one after the other.
  int raiseAll() {
    while (raised < total) raiseNext();
    return notLost;
  }

  private void raiseNext() {
    if (device.raise(list.get(raised++ % list.size()))) notLost++;
  }

  void onThread(Scheduler scheduler) {
    var _ =
        scheduler.execute(() -> {
          raiseAll();
          complete();
        });
  }

  void onTimer(Scheduler scheduler, long periodNanos) {
    if (raised == total) {
      complete();
      return;
    }
    var _ =
        scheduler.afterNanos(
            periodNanos,
            () -> {
              raiseNext();
              onTimer(scheduler, periodNanos);
            });
  }

  private void complete() {
    cmd.inTask(() -> {
      boolean _ = cmd.done(notLost);
    });
  }
}
