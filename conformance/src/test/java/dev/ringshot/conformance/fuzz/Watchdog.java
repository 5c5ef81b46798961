package dev.ringshot.conformance.fuzz;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/// Runs what may hang on a thread of its own, and tells where it hangs.
final class Watchdog {
  private static final Duration PATIENCE =
      Duration.ofSeconds(60); // for one program, of milliseconds

  private Watchdog() {}

  /// What is watched.
  interface Watched {
    /// @param step to be set to the number of each step as it begins
    void run(AtomicLong step) throws Exception;
  }

  /// @throws Failure if one step takes for ever
  static void watch(Watched watched) throws Exception {
    var step = new AtomicLong();
    var run =
        new FutureTask<Void>(() -> {
          watched.run(step);
          return null;
        });
    var thread = Thread.ofPlatform().daemon().name("hostile").start(run);
    long before;
    do {
      before = step.get();
      if (thread.join(PATIENCE)) {
        try {
          run.get();
        } catch (java.util.concurrent.ExecutionException e) {
          if (e.getCause() instanceof Error error) throw error;
          if (e.getCause() instanceof Exception exception) throw exception;
          throw e;
        }
        return;
      }
    } while (step.get() != before);
    var text = new StringBuilder("seed " + before + " does not end; threads:");
    for (var each : Thread.getAllStackTraces().entrySet()) {
      text.append("\n").append(each.getKey().getName());
      for (var frame : each.getValue()) text.append("\n    at ").append(frame);
    }
    throw new Failure(text.toString());
  }
}
