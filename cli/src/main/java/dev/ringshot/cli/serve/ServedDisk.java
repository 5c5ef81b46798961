package dev.ringshot.cli.serve;

import dev.ringshot.abi.Kernel;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.ublk.DeviceInfo;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.Troubles;
import dev.ringshot.ublk.UblkQueue;
import dev.ringshot.ublk.UblkServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A disk of a ublk driver with its server: one thread for the device's life, one for each queue.
final class ServedDisk implements AutoCloseable {
  /// It was stopped before it was there.
  static final class StoppedEarly extends ServeFailed {
    private static final long serialVersionUID = 1;

    private StoppedEarly() {
      super("the device was stopped");
    }
  }

  private final Driver driver;
  private final CompletableFuture<UblkServer> live = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final List<Thread> queueThreads = new ArrayList<>(); // the server thread's
  private final Thread thread;
  private final DiskChoice.Disk disk;
  private final UblkServer server;

  /// Serves what `making` makes of the kernel; returns when the disk is there.
  ///
  /// @param isTakingOver whether a device whose server has died is taken over
  /// @param stop completes when it shall not come to be any more; once it is there, [#close] is for
  ///   that
  /// @throws StoppedEarly if that kept it from being, or somebody else did
  /// @throws RuntimeException what else did
  ServedDisk(
      Driver driver,
      Function<Kernel, DiskChoice.Disk> making,
      ServerOptions options,
      boolean isTakingOver,
      Troubles troubles,
      CompletionStage<?> stop) {
    this.driver = driver;
    disk = making.apply(driver.kernel());
    thread = new Thread(() -> run(options, isTakingOver, troubles, stop), "ublk server");
    thread.start();
    try {
      server = live.join();
    } catch (CompletionException e) {
      close();
      throw e.getCause() instanceof RuntimeException reason ? reason : e;
    }
  }

  // ---- On the server's thread

  private void run(
      ServerOptions options, boolean isTakingOver, Troubles troubles, CompletionStage<?> stop) {
    try (var made = begin(options, isTakingOver, troubles)) {
      var _ = stop.thenRun(() -> stopEarly(made));
      boolean goesOn = made.step();
      while (goesOn) {
        if (queueThreads.isEmpty()) made.queues().forEach(queue -> start(made, queue));
        if (made.state() == UblkServer.State.LIVE) live.complete(made);
        goesOn = made.await();
      }
      for (Thread queue : queueThreads) queue.join();
      end(made.failure());
    } catch (RuntimeException | Error e) {
      end(e);
    } catch (InterruptedException e) {
      end(new ServeFailed("interrupted", e)); // nobody does
    }
  }

  private void stopEarly(UblkServer made) {
    if (live.completeExceptionally(new StoppedEarly())) made.stop();
  }

  private UblkServer begin(ServerOptions options, boolean isTakingOver, Troubles troubles) {
    driver.enterServer();
    Kernel kernel = driver.kernel();
    return isTakingOver
        ? UblkServer.recover(kernel, disk.target(), options, troubles)
        : new UblkServer(kernel, disk.target(), options, troubles);
  }

  private void start(UblkServer made, UblkQueue queue) {
    var serving =
        new Thread(
            () -> {
              try (queue) {
                driver.enterQueue(made.info(), queue.number());
                while (queue.await()) {}
              } catch (RuntimeException | Error e) {
                // the server finds it as the queue's failure, if it came that far
                if (queue.failure() == null) made.stop();
              } finally {
                made.wake();
              }
            },
            "ublk queue " + queue.number());
    queueThreads.add(serving);
    serving.start();
  }

  private void end(@Nullable Throwable failure) {
    Throwable reason = failure != null ? failure : new StoppedEarly();
    live.completeExceptionally(reason);
    if (failure != null) ended.completeExceptionally(failure);
    else ended.complete(null);
  }

  // ---- On others

  /// Its size in bytes.
  long size() {
    return disk.target().size();
  }

  /// Where it has data.
  ExtentSource extents() {
    return disk.extents();
  }

  /// What the driver made of the options.
  DeviceInfo info() {
    return server.info();
  }

  /// Its queues, with what they have done.
  List<UblkQueue> queues() {
    return server.queues();
  }

  /// Whether it has ended and somebody still has it open.
  boolean hasUsers() {
    return server.hasUsers();
  }

  /// Completes when it is served no longer, exceptionally if that is an error.
  CompletableFuture<Void> ended() {
    return ended;
  }

  /// Stops the device and waits until it is gone, then lets go of the target. What was acknowledged
  /// has been flushed before, by who wants that.
  @Override
  public void close() {
    live.handle(
            (made, failure) -> {
              if (made != null) made.stop();
              return null;
            })
        .join();
    join();
    disk.target().close();
  }

  private void join() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // the target cannot be closed before
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}
