package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.IoUring.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.model.TestRing.Completion;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks that threads hand to a command run in its ring's context, in each thread's order, in every
/// mode, in real time.
class TaskOrderTest {
  private static final int TASKS = 20_000;

  /// Numbers each thread's tasks; what it remembers is guarded by the ring's own context.
  private static final class Device implements FileOperations {
    final int[] next;
    final AtomicInteger threadsLeft;
    int inside;
    int wrong;
    volatile Runnable start = () -> {};

    Device(int threads) {
      next = new int[threads];
      threadsLeft = new AtomicInteger(threads);
    }

    @Override
    public int uringCmd(UringCmd cmd) {
      start = () -> handOver(cmd);
      return -EIOCBQUEUED;
    }

    private void handOver(UringCmd cmd) {
      for (int thread = 0; thread < next.length; thread++) {
        int source = thread;
        Thread.ofPlatform()
            .daemon()
            .name("source-" + source)
            .start(() -> {
              for (int i = 0; i < TASKS; i++) {
                int number = i;
                cmd.inTask(() -> run(source, number));
              }
              cmd.inTask(() -> finish(cmd));
            });
      }
    }

    private void run(int source, int number) {
      inside++;
      if (inside != 1 || next[source] != number) wrong++;
      next[source]++;
      inside--;
    }

    private void finish(UringCmd cmd) {
      if (threadsLeft.decrementAndGet() == 0) assertTrue(cmd.done(1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        IORING_SETUP_COOP_TASKRUN,
        IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG
      })
  void tasksOfAThreadRunInOrder(int mode) {
    for (int threads : new int[] {1, 4}) {
      var device = new Device(threads);
      try (var time = Scheduler.real();
          var kernel = new ModelKernel(time).device("/dev/tasks", device);
          var ring = new TestRing(kernel, 8, mode)) {
        ring.sqe(1).uringCmd(kernel.open("/dev/tasks", Fcntl.O_RDWR), 1);
        ring.submit(1);
        device.start.run();
        assertEquals(0, ring.await(1, 60_000_000_000L));
        assertEquals(List.of(new Completion(1, 1, 0)), ring.reap());
        assertEquals(0, device.wrong, threads + " threads");
        for (int count : device.next) assertEquals(TASKS, count);
      }
    }
  }
}
