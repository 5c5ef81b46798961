package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUFFER;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.model.TestRing.Completion;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Commands on workers, beside the ring's own context.
class WorkerCommandTest {
  private static final int MORE = IORING_CQE_F_BUFFER | IORING_CQE_F_MORE;
  private static final long SECONDS_MAX = 30;

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitParked(Thread thread) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (thread.getState() != Thread.State.WAITING && System.nanoTime() < deadline)
      Thread.onSpinWait();
  }

  private static void postEight(UringCmd cmd) {
    var buffer = cmd.selectBuffer();
    assertEquals(0, buffer.putLong(0, 4711));
    assertEquals(Shot.POSTED, cmd.postMultishotCqe(buffer, 8));
  }

  @Test
  void aTaskPostsWhileItsCommandIsStillOnAWorker() {
    var posted = new CountDownLatch(1);
    FileOperations driver =
        new FileOperations() {
          @Override
          public int uringCmd(UringCmd cmd) {
            if (cmd.nonBlocking()) return -EAGAIN;
            cmd.inTask(() -> {
              postEight(cmd);
              posted.countDown();
            });
            assertTrue(await(posted));
            return -EIOCBQUEUED;
          }
        };
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time).device("/dev/slow", driver);
        var ring = new TestRing(kernel, 8, 0)) {
      var _ = ring.provide(7, 4, 64, 0);
      ring.sqe(1).uringCmdMultishot(kernel.open("/dev/slow", Fcntl.O_RDWR), 1, 7);

      assertEquals(1, ring.submit(1));
      assertEquals(0, ring.await(1));

      assertEquals(List.of(new Completion(1, 8, MORE)), ring.reap());
    }
  }

  @Test
  void aBufferOwedInTheRingsContextIsNoneOfAWorkersBusiness() {
    var started = new CountDownLatch(1);
    var selected = new CountDownLatch(1);
    var worker = new AtomicReference<Thread>();
    FileOperations driver =
        new FileOperations() {
          @Override
          public int uringCmd(UringCmd cmd) {
            if (cmd.op() == 1) {
              cmd.inTask(() -> postSlowly(cmd));
              return -EIOCBQUEUED;
            }
            if (cmd.nonBlocking()) return -EAGAIN;
            worker.set(Thread.currentThread());
            started.countDown();
            assertTrue(await(selected));
            return -EIO;
          }

          private void postSlowly(UringCmd cmd) {
            var buffer = cmd.selectBuffer();
            selected.countDown();
            awaitParked(worker.get()); // it is done, and wants the ring
            assertEquals(Shot.POSTED, cmd.postMultishotCqe(buffer, 8));
          }
        };
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time).device("/dev/slow", driver);
        var ring = new TestRing(kernel, 8, 0)) {
      var _ = ring.provide(7, 4, 64, 0);
      int fd = kernel.open("/dev/slow", Fcntl.O_RDWR);
      ring.sqe(2).uringCmdMultishot(fd, 2, 7);
      assertEquals(1, ring.submit(1));
      assertTrue(await(started));
      ring.sqe(1).uringCmdMultishot(fd, 1, 7);
      assertEquals(1, ring.submit(1));
      assertEquals(0, ring.await(2));

      assertEquals(List.of(new Completion(1, 8, MORE), new Completion(2, -EIO, 0)), ring.reap());
    }
  }

  @Test
  void aCommandThatParksAfterItsRingHasGoneIsCancelled() {
    var onWorker = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    var cancelled = new CountDownLatch(1);
    FileOperations driver =
        new FileOperations() {
          @Override
          public int uringCmd(UringCmd cmd) {
            if (cmd.nonBlocking()) return -EAGAIN;
            cmd.onCancel(() -> {
              if (cmd.done(-ECANCELED)) cancelled.countDown();
            });
            onWorker.countDown();
            assertTrue(await(closed));
            return -EIOCBQUEUED;
          }
        };
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time).device("/dev/slow", driver)) {
      try (var ring = new TestRing(kernel, 8, 0)) {
        ring.sqe(1).uringCmd(kernel.open("/dev/slow", Fcntl.O_RDWR), 1);
        assertEquals(1, ring.submit(1));
        assertTrue(await(onWorker));
      }
      closed.countDown();
      assertTrue(await(cancelled));
    }
  }

  @Test
  void moreWorkThanWorkersWaitsItsTurn() {
    int wanted = 3000;
    var hold = new CountDownLatch(1);
    FileOperations driver =
        new FileOperations() {
          @Override
          public int uringCmd(UringCmd cmd) {
            if (cmd.nonBlocking()) return -EAGAIN;
            return await(hold) ? 0 : -EIO;
          }
        };
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time).device("/dev/slow", driver);
        var ring = new TestRing(kernel, 4096, 0)) {
      int fd = kernel.open("/dev/slow", Fcntl.O_RDWR);
      for (int i = 0; i < wanted; i++) ring.sqe(i).uringCmd(fd, 1);
      assertEquals(wanted, ring.submit(wanted));
      long workers =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("model-worker-"))
              .count();
      hold.countDown();
      assertEquals(0, ring.await(wanted));
      assertEquals(wanted, ring.reap().size());
      assertTrue(workers <= 512, workers + " workers");
    }
  }
}
