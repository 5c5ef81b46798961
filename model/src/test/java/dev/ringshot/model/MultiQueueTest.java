package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.*;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Events raised by several threads, one for each queue of a device, through one command per queue
/// and through one for the device: none is lost, doubled or out of order within its queue, though
/// buffers and completion queue are too small for them.
class MultiQueueTest {
  private static final int DEFERRED = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

  @ParameterizedTest
  @ValueSource(ints = {0, IORING_SETUP_COOP_TASKRUN, DEFERRED})
  void noEventIsLostDoubledOrReordered(int mode) throws Exception {
    for (boolean deviceWide : new boolean[] {false, true}) {
      var run = new QueueRun(1 + mode, mode, deviceWide, 35_000);
      run.hearAll();
      assertTrue(run.rearms() > 0, "neither buffers nor room ran out: " + run);
    }
  }

  @Tag("soak")
  @ParameterizedTest
  @ValueSource(ints = {0, IORING_SETUP_COOP_TASKRUN, DEFERRED})
  void tenMillionEvents(int mode) throws Exception {
    long seed = new SplittableRandom().nextLong();
    for (boolean deviceWide : new boolean[] {false, true}) {
      var run = new QueueRun(seed, mode, deviceWide, 10_000_000);
      run.hearAll();
      report(run.toString());
    }
  }

  private static void report(String line) throws IOException {
    System.out.println(line);
    var directory = Path.of(System.getProperty("ringshot.results", "target"));
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("multi-queue.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
