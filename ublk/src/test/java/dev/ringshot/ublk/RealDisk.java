package dev.ringshot.ublk;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringshot.abi.Kernel;
import dev.ringshot.linux.LinuxKernel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A disk of Linux's ublk driver with its server: a thread for the device's life, one for each
/// queue.
final class RealDisk implements AutoCloseable {
  private static final boolean IS_GUEST = Boolean.getBoolean("ringshot.guest");

  private final CompletableFuture<UblkServer> live = new CompletableFuture<>();
  private final CompletableFuture<Void> ended;
  private final List<Thread> queueThreads = new ArrayList<>();
  private final UblkServer server;

  private RealDisk(Kernel kernel, BlockTarget target, ServerOptions options, boolean isRecovered) {
    ended =
        CompletableFuture.runAsync(
            () -> run(kernel, target, options, isRecovered), Thread.ofPlatform()::start);
    try {
      server = live.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException reason ? reason : e;
    }
  }

  /// Ends the test where there is no ublk driver that may be used. A guest is to have one.
  static Kernel kernel() {
    String lacking = "the ublk driver, which ./test --vm brings along, and root";
    boolean isThere = Files.isWritable(Path.of(UblkControl.PATH));
    if (IS_GUEST && !isThere) fail("this guest was to have " + lacking);
    assumeTrue(isThere, "needs " + lacking);
    return new LinuxKernel();
  }

  /// Adds a device and returns when there is its disk.
  static RealDisk serve(Kernel kernel, BlockTarget target, ServerOptions options) {
    return new RealDisk(kernel, target, options, false);
  }

  /// Takes one over.
  static RealDisk recover(Kernel kernel, BlockTarget target, ServerOptions options) {
    return new RealDisk(kernel, target, options, true);
  }

  /// Small, for this process, and without a look for partitions.
  static ServerOptions options() {
    return ServerOptions.of(ProcessHandle.current().pid())
        .withQueues(1, 16)
        .withMaxIoSize(64 << 10)
        .withPartitionScan(false);
  }

  private void run(Kernel kernel, BlockTarget target, ServerOptions options, boolean isRecovered) {
    try (var made =
        isRecovered
            ? UblkServer.recover(kernel, target, options, Troubles.SILENT)
            : new UblkServer(kernel, target, options)) {
      boolean goesOn = made.step();
      while (goesOn) {
        if (queueThreads.isEmpty()) made.queues().forEach(queue -> start(made, queue));
        if (made.state() == UblkServer.State.LIVE) live.complete(made);
        goesOn = made.await();
      }
      for (Thread queue : queueThreads) queue.join();
      RuntimeException failure = made.failure();
      live.completeExceptionally(failure != null ? failure : new IllegalStateException("ended"));
    } catch (RuntimeException | InterruptedException e) {
      live.completeExceptionally(e);
    }
  }

  private void start(UblkServer made, UblkQueue queue) {
    queueThreads.add(
        Thread.ofPlatform()
            .start(() -> {
              try (queue) {
                while (queue.await()) {}
              } finally {
                made.wake();
              }
            }));
  }

  UblkServer server() {
    return server;
  }

  Path path() {
    return Path.of(server.info().blockPath());
  }

  FileChannel open() throws IOException {
    return FileChannel.open(path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  QueueStatistics statistics() {
    return server.queues().getFirst().statistics();
  }

  /// The server leaves its device, as if it had died.
  void abandon() {
    server.queues().forEach(UblkQueue::leave);
    ended.join();
  }

  void join() {
    ended.join();
  }

  /// Stops and deletes the device, and claims that nothing of it is left.
  @Override
  public void close() {
    server.stop();
    ended.join();
    if (server.failure() != null) throw server.failure();
    assertFalse(Files.exists(path()), () -> path() + " is still there");
    assertFalse(Files.exists(Path.of(server.info().charPath())));
  }
}
