package dev.ringshot.conformance.cases;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntSupplier;

/// A call from a thread that is not the ring's.
final class OtherThread {
  private OtherThread() {}

  /// What `call` returns there.
  static int call(IntSupplier call) {
    var task = new FutureTask<>(call::getAsInt);
    Thread.ofPlatform().start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new AssertionError("on the other thread", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
