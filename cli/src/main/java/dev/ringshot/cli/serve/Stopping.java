package dev.ringshot.cli.serve;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns a signal that ends this process into an orderly end: whoever waits is told, and the
/// process leaves, with status 0, when everything is closed.
///
/// ```
///   SIGTERM, SIGINT      who serves
///   requested.run()  ──► stops serving, closes everything
///   waits            ◄── finished()
///   halt(0)
/// ```
final class Stopping implements AutoCloseable {
  /// More than draining and a stop may take together.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean isRequested;
  private volatile int status;

  /// @param requested called when the signal comes
  Stopping(Runnable requested) {
    hook = new Thread(() -> stop(requested), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop(Runnable requested) {
    isRequested = true;
    requested.run();
    try {
      if (!finished.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) status = 1;
    } catch (InterruptedException _) {
      status = 1;
    }
    Runtime.getRuntime().halt(status); // the JVM's own would be 128 + the signal's number
  }

  /// Whether a signal has come.
  boolean isRequested() {
    return isRequested;
  }

  /// Everything is closed.
  ///
  /// @param exitStatus of the process, if a signal ends it
  void finished(int exitStatus) {
    status = exitStatus;
    finished.countDown();
  }

  /// No signal came.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // it is running, and ends the process
    }
  }
}
