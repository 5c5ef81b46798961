package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static dev.ringshot.model.TestRing.READ_WRITE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Timespec;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealTimeTest {
  private static final int DEFERRED = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

  @Test
  void severalThreadsShareOneKernelWithARingEach() throws Exception {
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time);
        var threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> work =
          () -> {
            try (var ring = new TestRing(kernel, 32, DEFERRED)) {
              int seen = 0;
              for (int round = 0; round < 500; round++) {
                for (int i = 0; i < 32; i++) ring.sqe(i).nop();
                assertEquals(32, ring.submit(32));
                seen += ring.reap().size();
              }
              return seen;
            }
          };
      var results = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 4; i++) results.add(threads.submit(work));
      for (var result : results) assertEquals(500 * 32, result.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, IORING_SETUP_COOP_TASKRUN, DEFERRED})
  void anEventOfAnotherThreadEndsAWait(int flags) throws Exception {
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time);
        var ring = new TestRing(kernel, 8, flags)) {
      int events = kernel.eventfd(0, 0);
      ring.sqe(1).pollMultishot(events, Poll.POLLIN);
      assertEquals(1, ring.submit(1));
      for (int round = 0; round < 200; round++) {
        var writer = Thread.ofPlatform().start(() -> signal(kernel, events));
        assertEquals(0, ring.await(1));
        writer.join();
        var seen = ring.reap();
        assertEquals(1, seen.getFirst().res());
        assertEquals(IORING_CQE_F_MORE, seen.getFirst().flags());
        drain(ring, kernel, events);
      }
    }
  }

  private static void signal(ModelKernel kernel, int fd) {
    var one = kernel.map(-1, 0, 8, READ_WRITE);
    one.set(JAVA_LONG, 0, 1);
    assertEquals(8, kernel.write(fd, one.address(), 8));
    assertEquals(0, kernel.unmap(one));
  }

  private static void drain(TestRing ring, ModelKernel kernel, int fd) {
    assertEquals(8, kernel.read(fd, ring.scratch.address(), 8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, IORING_SETUP_COOP_TASKRUN, DEFERRED})
  void timersFireWhileTheThreadWaits(int flags) {
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time);
        var ring = new TestRing(kernel, 8, flags)) {
      ring.scratch.set(JAVA_LONG, Timespec.TV_NSEC, 1_000_000);
      for (int i = 0; i < 8; i++) ring.sqe(i).timeout(ring.scratch.address(), 0, 0);
      assertEquals(8, ring.submit(8));
      int seen = 0;
      while (seen < 8) {
        assertEquals(0, ring.await(1));
        for (var completion : ring.reap()) {
          assertEquals(-Errno.ETIME, completion.res());
          seen++;
        }
      }
    }
  }

  @Test
  void ringsThatSendEachOtherMessagesDoNotDeadlock() throws Exception {
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time);
        var one = new TestRing(kernel, 64, 4096, 0);
        var two = new TestRing(kernel, 64, 4096, 0);
        var threads = Executors.newFixedThreadPool(2)) {
      var there = threads.submit(() -> send(one, two.fd));
      var back = threads.submit(() -> send(two, one.fd));
      assertTrue(there.get() && back.get());
      assertEquals(0, one.await(2000));
      assertEquals(0, two.await(2000));
      assertEquals(2000, one.reap().stream().filter(c -> c.res() >= 0).count());
      assertEquals(2000, two.reap().stream().filter(c -> c.res() >= 0).count());
    }
  }

  private static boolean send(TestRing ring, int target) {
    for (int i = 0; i < 1000; i++) {
      ring.sqe(i).msgRing(target, i, 7, 0);
      assertEquals(1, ring.submit(1));
    }
    return true;
  }

  @Test
  void whatRunsIsNotCancelled() throws Exception {
    try (var time = Scheduler.real()) {
      for (boolean onWorker : new boolean[] {false, true}) {
        var runs = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        Runnable event =
            () -> {
              runs.countDown();
              awaitQuietly(mayEnd);
            };
        var timer = onWorker ? time.execute(event) : time.afterNanos(0, event);
        runs.await();
        assertFalse(timer.cancel());
        mayEnd.countDown();
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aBugInAnEventIsHeard() throws Exception {
    var heard = new ArrayBlockingQueue<Throwable>(1);
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, bug) -> heard.add(bug));
    try (var time = Scheduler.real()) {
      var bug = new IllegalStateException("a bug");
      var _ =
          time.execute(() -> {
            throw bug;
          });
      assertSame(bug, heard.take());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
  }
}
