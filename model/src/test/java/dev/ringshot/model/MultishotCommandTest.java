package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.model.TestRing.Completion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MultishotCommandTest {
  private static final int SUBSCRIBE = 1;
  private static final int MORE = IORING_CQE_F_BUFFER | IORING_CQE_F_MORE;

  /// An event every millisecond.
  private record Ticker(Scheduler scheduler) implements FileOperations {
    @Override
    public int uringCmd(UringCmd cmd) {
      cmd.onCancel(() -> cmd.done(-ECANCELED));
      scheduler.after(Duration.ofMillis(1), () -> cmd.inTask(() -> tick(cmd)));
      return -EIOCBQUEUED;
    }

    private void tick(UringCmd cmd) {
      if (cmd.isDone()) return;
      var buffer = cmd.selectBuffer();
      if (buffer.errno() != 0) {
        boolean _ = cmd.done(buffer.errno());
        return;
      }
      buffer.memory().set(JAVA_LONG, 0, scheduler.nanoTime());
      if (cmd.postMultishotCqe(buffer, Long.BYTES) == Shot.FINISHED) {
        boolean _ = cmd.done(-ENOBUFS);
        return;
      }
      scheduler.after(Duration.ofMillis(1), () -> cmd.inTask(() -> tick(cmd)));
    }
  }

  @Test
  void endsWithEnobufsWhenGroupIsEmpty() {
    for (int flags :
        new int[] {
          0, IORING_SETUP_COOP_TASKRUN, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN
        }) {
      var time = Scheduler.virtual(42);
      try (var kernel = new ModelKernel(time).device("/dev/ticker", new Ticker(time));
          var ring = new TestRing(kernel, 8, flags)) {
        var buffers = ring.provide(7, 4, 64, 0);
        int ticker = kernel.open("/dev/ticker", Fcntl.O_RDWR);
        ring.sqe(1).uringCmdMultishot(ticker, SUBSCRIBE, 7);

        assertEquals(1, ring.submit(1));
        assertEquals(0, ring.await(5));

        assertEquals(
            List.of(
                new Completion(1, 8, MORE),
                new Completion(1, 8, MORE | 1 << 16),
                new Completion(1, 8, MORE | 2 << 16),
                new Completion(1, 8, MORE | 3 << 16),
                new Completion(1, -ENOBUFS, 0)),
            ring.reap());
        assertEquals(4, ring.head(7));
        assertTrue(buffers.get(JAVA_LONG, 64) >= 2_000_000);
      }
    }
  }

  @Test
  void waitingForNothingIsAStackTrace() {
    try (var kernel = new ModelKernel(Scheduler.virtual(1));
        var ring = new TestRing(kernel, 8, 0)) {
      assertThrows(VirtualHangException.class, () -> ring.await(1));
    }
  }

  @Test
  void aBufferThatIsNeitherPostedNorGivenBackNamesDriverAndCommand() {
    FileOperations forgetful =
        new FileOperations() {
          @Override
          public int uringCmd(UringCmd cmd) {
            assertEquals(0, cmd.selectBuffer().errno());
            return -EIOCBQUEUED;
          }
        };
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/forgetful", forgetful);
        var ring = new TestRing(kernel, 8, 0)) {
      ring.provide(7, 4, 64, 0);
      ring.sqe(1).uringCmdMultishot(kernel.open("/dev/forgetful", Fcntl.O_RDWR), 0x77, 7);
      var bug = assertThrows(DriverContractException.class, () -> ring.submit(1));
      assertTrue(bug.toString().contains("of /dev/forgetful, command 0x77"), bug.toString());
    }
  }

  @Test
  void aCommandThatItsDriverForgetsIsNamedByTheWaitThatCannotEnd() {
    var options = ModelOptions.DEFAULT.withRelease(Release.LINUX_6_18);
    try (var kernel = new ModelKernel(Scheduler.virtual(1), options);
        var ring = new TestRing(kernel, 8, 0)) {
      ring.sqe(0xabc).uringCmdMultishot(kernel.open("/dev/null", Fcntl.O_RDWR), 5, 7);
      assertEquals(1, ring.submit(1));
      var hang = assertThrows(VirtualHangException.class, () -> ring.await(1));
      assertTrue(
          hang.toString().contains("/dev/null, command 0x5 (user_data 0xabc, seed 1)"),
          hang.toString());
    }
  }

  @Test
  void anEndOfTheRingIsToldToEveryDriverOnce() {
    var cancelled = new java.util.concurrent.atomic.AtomicInteger();
    FileOperations patient =
        new FileOperations() {
          @Override
          public int uringCmd(UringCmd cmd) {
            cmd.onCancel(() -> {
              cancelled.incrementAndGet();
              assertTrue(cmd.isRingClosing());
              assertTrue(cmd.done(-ECANCELED));
            });
            return -EIOCBQUEUED;
          }
        };
    try (var kernel = new ModelKernel(Scheduler.virtual(1)).device("/dev/patient", patient)) {
      var ring = new TestRing(kernel, 8, 0);
      int file = kernel.open("/dev/patient", Fcntl.O_RDWR);
      for (int i = 0; i < 3; i++) ring.sqe(i).uringCmd(file, 1);
      assertEquals(3, ring.submit(3));
      ring.close();
      assertEquals(3, cancelled.get());
    }
  }
}
