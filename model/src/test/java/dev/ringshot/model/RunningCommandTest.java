package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EALREADY;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_SYNC_CANCEL;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.SyncCancelReg;
import dev.ringshot.model.TestRing.Completion;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Cancelling what a worker runs: it is found, and goes on.
class RunningCommandTest {
  private static final int READ_WRITE = Kernel.PROT_READ | Kernel.PROT_WRITE;
  private static final long SECONDS_MAX = 30;

  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Scheduler time = Scheduler.real();
  private final ModelKernel kernel = new ModelKernel(time).device("/dev/slow", new Slow());
  private final TestRing ring = new TestRing(kernel, 8, 0);

  /// Works until it is released.
  private final class Slow implements FileOperations {
    @Override
    public int uringCmd(UringCmd cmd) {
      if (cmd.nonBlocking()) return -EAGAIN;
      running.countDown();
      awaitLatch(released);
      return 17;
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertTrue(latch.await(SECONDS_MAX, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    released.countDown();
    ring.close();
    kernel.close();
    time.close();
  }

  private void startSlowCommand() {
    ring.sqe(1).uringCmd(kernel.open("/dev/slow", Fcntl.O_RDWR), 1);
    assertEquals(1, ring.submit(1));
    awaitLatch(running);
  }

  @Test
  void asyncCancelSaysItRuns() {
    startSlowCommand();
    ring.sqe(2).asyncCancel(1, 0);
    ring.sqe(3).asyncCancel(9, 0);

    assertEquals(2, ring.submit(2));

    assertEquals(
        List.of(new Completion(2, -EALREADY, 0), new Completion(3, -ENOENT, 0)), ring.reap());
    released.countDown();
    assertEquals(0, ring.await(1));
    assertEquals(List.of(new Completion(1, 17, 0)), ring.reap());
  }

  @Test
  void allCountsWhatWorkersHaveAsOne() {
    startSlowCommand();
    ring.sqe(1).uringCmd(kernel.open("/dev/slow", Fcntl.O_RDWR), 1);
    ring.sqe(2).asyncCancel(1, IORING_ASYNC_CANCEL_ALL);

    assertEquals(2, ring.submit(2));

    var first = ring.reap().getFirst();
    assertEquals(new Completion(2, 1, 0), first);
  }

  @Test
  void syncCancelWaitsForAsLongAsItWasTold() {
    startSlowCommand();
    MemorySegment reg = kernel.map(-1, 0, SyncCancelReg.SIZE, READ_WRITE);
    reg.set(JAVA_LONG, SyncCancelReg.ADDR, 1);
    reg.set(JAVA_LONG, SyncCancelReg.TIMEOUT + 8, 1_000_000);

    int result = kernel.register(ring.fd, IORING_REGISTER_SYNC_CANCEL, reg.address(), 1);

    assertEquals(-ETIME, result);
  }

  @Test
  void timeOfALinkTimeoutDoesNotRunMeanwhile() {
    MemorySegment nanosecond = kernel.map(-1, 0, 16, READ_WRITE);
    nanosecond.set(JAVA_LONG, 8, 1);
    ring.sqe(1).uringCmd(kernel.open("/dev/slow", Fcntl.O_RDWR), 1).link();
    ring.sqe(2).linkTimeout(nanosecond.address(), 0).link();
    ring.sqe(3).nop();
    assertEquals(3, ring.submit(3));
    awaitLatch(running);

    assertEquals(-ETIME, ring.await(1, 5_000_000));

    released.countDown();
    assertEquals(0, ring.await(3));
    var ended = List.of(new Completion(1, 17, 0), new Completion(2, -ECANCELED, 0));
    var all = ring.reap();
    assertEquals(3, all.size());
    assertTrue(all.containsAll(ended) && all.contains(new Completion(3, 0, 0)), all.toString());
  }
}
