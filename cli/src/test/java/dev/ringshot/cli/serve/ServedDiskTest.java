package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.Run;
import dev.ringshot.model.PortableFiles;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import dev.ringshot.ublk.Recovery;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.Troubles;
import dev.ringshot.ublk.target.MemTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a disk whose queues cannot go on.
@Timeout(60)
final class ServedDiskTest {
  /// Its completions throw errors that are no exceptions.
  private static final String BROKEN =
      """
      package com.acme;

      import dev.ringshot.ring.Ring;
      import dev.ringshot.ublk.BlockRequest;
      import dev.ringshot.ublk.BlockTarget;

      public class Broken implements BlockTarget {
        @Override
        public long size() {
          return 1 << 20;
        }

        @Override
        public void submit(BlockRequest request, Ring ring) {
          ring.prepare((res, flags) -> { throw new StackOverflowError("too deep"); }).nop();
        }
      }
      """;

  /// One that breaks before it serves.
  private record Stillborn(long size) implements BlockTarget {
    @Override
    public void attach(int queue, Ring ring) {
      throw new NoClassDefFoundError("com/acme/Missing");
    }

    @Override
    public void submit(BlockRequest request, Ring ring) {}
  }

  @TempDir private Path folder;

  @Test
  void errorOfAQueueBeforeItServesIsTheReason() {
    var options = ServerOptions.of(ProcessHandle.current().pid());
    var made = new DiskChoice.Disk(new Stillborn(1 << 20), ExtentSource.ALL_DATA);
    try (var driver = new ModelDriver(new PortableFiles(), null)) {
      var e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  new ServedDisk(
                      driver,
                      _ -> made,
                      options,
                      false,
                      Troubles.SILENT,
                      new CompletableFuture<>()));
      assertTrue(e.toString().contains("com/acme/Missing"), e::toString);
    }
  }

  /// The second waits for the first to go away.
  @Test
  void diskIsStoppedBeforeItIsThere() {
    var options =
        ServerOptions.of(ProcessHandle.current().pid()).withDeviceId(3).withRecovery(Recovery.WAIT);
    var made = new DiskChoice.Disk(new MemTarget(1 << 20), ExtentSource.ALL_DATA);
    var never = new CompletableFuture<>();
    var stop = new CompletableFuture<>();
    stop.completeOnTimeout("a signal", 300, TimeUnit.MILLISECONDS);
    try (var driver = new ModelDriver(new PortableFiles(), null);
        var disk = new ServedDisk(driver, _ -> made, options, false, Troubles.SILENT, never)) {
      var other = new DiskChoice.Disk(new MemTarget(1 << 20), ExtentSource.ALL_DATA);
      assertThrows(
          ServedDisk.StoppedEarly.class,
          () -> new ServedDisk(driver, _ -> other, options, true, Troubles.SILENT, stop));
      assertFalse(disk.ended().isDone());
    }
  }

  @Test
  void errorOfAQueueEndsTheServeWith1AndIsTold() throws Exception {
    Tool.need("qemu-io");
    Path source = folder.resolve("Broken.java");
    Tool.compile(Files.writeString(source, BROKEN), folder);
    Run run =
        Run.of(
            "serve",
            "--kernel",
            "model",
            "--target",
            "com.acme.Broken",
            "--class-path",
            folder.toString(),
            "--run",
            "qemu-io -r -f raw -c 'read 0 4k' \"$uri\" >&2; sleep 100");
    assertEquals(1, run.status(), run.err()::toString);
    String error = run.err().getLast();
    assertTrue(error.contains("queue 0 cannot go on: java.lang.StackOverflowError"), error);
  }
}
