package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.IoUring.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A ring ends while its command's driver completes it, on real threads, thousands of times.
///
/// ```text
///   program's thread          device's threads
///   unmap, close
///     → cancel handler        one: done(7)
///         → done(-ECANCELED)  another: inTask(event, done(8))
/// ```
class CancelRaceTest {
  private static final int GROUP = 7;
  private static final int ROUNDS = 2_000;

  /// One command; counts who ended it, and when its file was let go.
  private static final class Device implements FileOperations {
    final AtomicInteger ends = new AtomicInteger();
    final AtomicInteger cancels = new AtomicInteger();
    final CountDownLatch released = new CountDownLatch(1);
    volatile UringCmd cmd;

    Device(UringCmd none) {
      cmd = none;
    }

    @Override
    public int uringCmd(UringCmd arrived) {
      cmd = arrived;
      arrived.onCancel(() -> {
        cancels.incrementAndGet();
        end(-ECANCELED);
      });
      return -EIOCBQUEUED;
    }

    void end(int result) {
      if (cmd.done(result)) ends.incrementAndGet();
    }

    void postAndEnd() {
      if (!cmd.isRingClosing() && !cmd.isDone()) {
        var buffer = cmd.selectBuffer();
        if (buffer.errno() == 0) {
          int fault = buffer.putLong(0, 1);
          var _ = cmd.postMultishotCqe(buffer, fault == 0 ? 8 : fault);
        }
      }
      end(8);
    }

    @Override
    public void release(OpenFile file) {
      released.countDown();
    }
  }

  @Test
  void cancelAndCompletionAreDecidedOnce() throws Exception {
    BlockingQueue<Runnable> toEnd = new ArrayBlockingQueue<>(1);
    BlockingQueue<Runnable> toPost = new ArrayBlockingQueue<>(1);
    var ender = server("ender", toEnd);
    var poster = server("poster", toPost);
    int[] modes = {
      0, IORING_SETUP_COOP_TASKRUN, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN
    };
    int cancelled = 0;
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time)) {
      for (int round = 0; round < ROUNDS; round++) {
        var device = new Device(PLACEHOLDER);
        kernel.device("/dev/race", device);
        var ring = new TestRing(kernel, 2, modes[round % modes.length]);
        ring.provide(GROUP, 2, 64, 0);
        int fd = kernel.open("/dev/race", Fcntl.O_RDWR);
        ring.sqe(1).uringCmdMultishot(fd, 1, GROUP);
        ring.submit(1);
        int _ = kernel.close(fd);
        var ended = new CountDownLatch(1);
        if (round % 4 == 1) ended.countDown();
        else
          toEnd.put(() -> {
            device.end(7);
            ended.countDown();
          });
        if (round % 4 != 2) toPost.put(() -> device.cmd.inTask(device::postAndEnd));
        ring.close();
        boolean released = isReleased(kernel, device);
        assertTrue(released, "round " + round + ": the command holds its file for ever");
        ended.await();
        assertEquals(1, device.ends.get(), "round " + round);
        assertTrue(device.cancels.get() <= 1, "round " + round + ": cancelled twice");
        cancelled += device.cancels.get();
      }
    }
    ender.interrupt();
    poster.interrupt();
    assertTrue(cancelled > 0, "the race was never close");
  }

  /// A cooperative ring's work comes to this thread only when it calls the kernel.
  private static boolean isReleased(ModelKernel kernel, Device device) throws Exception {
    for (int millis = 0; millis < 10_000; millis++) {
      int _ = kernel.close(-1);
      if (device.released.await(1, TimeUnit.MILLISECONDS)) return true;
    }
    return false;
  }

  private static Thread server(String name, BlockingQueue<Runnable> jobs) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          try {
            while (true) jobs.take().run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static final UringCmd PLACEHOLDER = placeholder();

  private static UringCmd placeholder() {
    var options = ModelOptions.DEFAULT.withCommands(false);
    try (var kernel = new ModelKernel(Scheduler.virtual(1), options)) {
      return kernel.commandWithoutRing(0);
    }
  }
}
