package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIO;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.IoUring.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.model.TestRing.Completion;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/// What a driver may not do, and that it is told so: by the next call on the ring, in the driver's
/// and the command's name.
class DriverContractTest {
  private static final int COMMAND = 0x77;
  private static final int GROUP = 7;
  private static final int[] MODES = {
    0, IORING_SETUP_COOP_TASKRUN, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN
  };

  private record Forgetful(ToIntFunction<UringCmd> issue) implements FileOperations {
    @Override
    public int uringCmd(UringCmd cmd) {
      return issue.applyAsInt(cmd);
    }
  }

  /// A ring with one multishot command of `driver` and four buffers.
  private static final class Bench implements AutoCloseable {
    final ModelKernel kernel;
    final TestRing ring;

    Bench(int flags, ToIntFunction<UringCmd> driver) {
      kernel = new ModelKernel(Scheduler.virtual(4711)).device("/dev/bad", new Forgetful(driver));
      ring = new TestRing(kernel, 8, flags);
      ring.provide(GROUP, 4, 64, 0);
      ring.sqe(1).uringCmdMultishot(kernel.open("/dev/bad", Fcntl.O_RDWR), COMMAND, GROUP);
    }

    DriverContractException bug() {
      var bug =
          assertThrows(
              DriverContractException.class,
              () -> {
                ring.submit(1);
                ring.await(1, 1_000_000);
              });
      var message = String.valueOf(bug.getMessage());
      assertTrue(message.contains("driver Forgetful of /dev/bad, command 0x77"), message);
      assertTrue(message.contains("user_data 0x1, seed 4711"), message);
      return bug;
    }

    @Override
    public void close() {
      ring.close();
      kernel.close();
    }
  }

  /// Expects that `misuse` is reported when it happens in the call, and when it happens in a task,
  /// in every mode.
  private static void expectBug(Consumer<UringCmd> misuse, String what) {
    for (int mode : MODES) {
      try (var bench =
          new Bench(
              mode,
              cmd -> {
                misuse.accept(cmd);
                return -EIOCBQUEUED;
              })) {
        assertSays(what, bench.bug());
        bench.ring.await(1, 1_000_000);
        assertEquals(List.of(new Completion(1, -EIO, 0)), bench.ring.reap());
        assertEquals(0, bench.ring.head(GROUP));
      }
      try (var bench =
          new Bench(
              mode,
              cmd -> {
                cmd.inTask(() -> misuse.accept(cmd));
                return -EIOCBQUEUED;
              })) {
        assertSays(what, bench.bug());
        assertEquals(0, bench.ring.head(GROUP));
      }
    }
  }

  private static void assertSays(String what, DriverContractException bug) {
    assertTrue(bug.toString().contains(what), bug.toString());
  }

  @Test
  void aBufferMustBePostedOrGivenBack() {
    expectBug(
        cmd -> assertEquals(64, cmd.selectBuffer().length()), "returned with a selected buffer");
  }

  @Test
  void aSecondSelectionDoesNotExcuseTheFirst() {
    expectBug(
        cmd -> {
          assertEquals(0, cmd.selectBuffer().errno());
          assertEquals(-EINVAL, cmd.selectBuffer().errno());
        },
        "returned with a selected buffer");
  }

  @Test
  void aBufferThatIsNotHeldCannotBePosted() {
    expectBug(
        cmd -> cmd.postMultishotCqe(cmd.selectBuffer(99, 0), 8),
        "posted a buffer that it does not hold");
  }

  @Test
  void aBufferCannotBePostedTwice() {
    expectBug(
        cmd -> {
          var buffer = cmd.selectBuffer();
          assertEquals(Shot.FINISHED, cmd.postMultishotCqe(buffer, 0));
          cmd.postMultishotCqe(buffer, 8);
        },
        "posted a buffer that it does not hold");
  }

  @Test
  void noMoreBytesArePostedThanTheBufferHas() {
    expectBug(
        cmd -> cmd.postMultishotCqe(cmd.selectBuffer(GROUP, 16), 17),
        "posted 17 bytes in a buffer of 16");
  }

  @Test
  void aHeldBufferCannotBePassedOver() {
    expectBug(
        cmd -> {
          assertEquals(0, cmd.selectBuffer().errno());
          cmd.postMultishotCqe(8);
        },
        "posted without the buffer that it holds");
  }

  @Test
  void whatADriverThrowsIsReportedWithItsCause() {
    var oops = new IllegalStateException("oops");
    for (int mode : MODES) {
      try (var bench =
          new Bench(
              mode,
              cmd -> {
                throw oops;
              })) {
        assertSame(oops, bench.bug().getCause());
      }
      try (var bench =
          new Bench(
              mode,
              cmd -> {
                cmd.inTask(() -> {
                  assertEquals(0, cmd.selectBuffer().errno());
                  throw oops;
                });
                return -EIOCBQUEUED;
              })) {
        var bug = bench.bug();
        assertSame(oops, bug.getCause());
        assertEquals(0, bench.ring.head(GROUP));
      }
    }
  }

  @Test
  void whatACancelHandlerThrowsIsReportedByTheCallThatEndsTheRing() {
    for (int mode : MODES) {
      var kernel =
          new ModelKernel(Scheduler.virtual(4711))
              .device(
                  "/dev/bad",
                  new Forgetful(cmd -> {
                    cmd.onCancel(() -> {
                      throw new IllegalStateException("oops");
                    });
                    return -EIOCBQUEUED;
                  }));
      var ring = new TestRing(kernel, 8, mode);
      ring.sqe(1).uringCmdMultishot(kernel.open("/dev/bad", Fcntl.O_RDWR), COMMAND, GROUP);
      ring.submit(1);
      var bug = assertThrows(DriverContractException.class, ring::close);
      assertInstanceOf(IllegalStateException.class, bug.getCause());
      kernel.close();
    }
  }

  @Test
  void contextIsNeededToSelectPostAndMarkCancelable() {
    for (int mode : MODES) {
      var armed = new AtomicReference<UringCmd>();
      try (var bench =
          new Bench(
              mode,
              cmd -> {
                armed.set(cmd);
                return -EIOCBQUEUED;
              })) {
        bench.ring.submit(1);
        var cmd = armed.get();
        assertSays(
            "called selectBuffer() outside",
            assertThrows(DriverContractException.class, cmd::selectBuffer));
        assertSays(
            "called postMultishotCqe() outside",
            assertThrows(DriverContractException.class, () -> cmd.postMultishotCqe(8)));
        assertSays(
            "called onCancel() outside",
            assertThrows(DriverContractException.class, () -> cmd.onCancel(() -> {})));
        assertEquals(0, bench.ring.head(GROUP));
      }
    }
  }

  @Test
  void theEntryIsTheProgramsAfterTheCall() {
    expectBugInTask(UringCmd::addr, "read the SQE after uringCmd() had returned");
    expectBugInTask(UringCmd::len, "read the SQE after uringCmd() had returned");
    expectBugInTask(cmd -> cmd.payloadLong(8), "read the SQE after uringCmd() had returned");
  }

  private static void expectBugInTask(Consumer<UringCmd> misuse, String what) {
    try (var bench =
        new Bench(
            0,
            cmd -> {
              cmd.inTask(() -> misuse.accept(cmd));
              return -EIOCBQUEUED;
            })) {
      assertSays(what, bench.bug());
    }
  }

  @Test
  void aCommandEndsOnce() {
    try (var bench =
        new Bench(
            0,
            cmd -> {
              assertTrue(cmd.done(3));
              assertFalse(cmd.done(4));
              return 5;
            })) {
      assertSays("was ended by done() and again by returning 5", bench.bug());
      assertEquals(List.of(new Completion(1, 3, 0)), bench.ring.reap());
    }
  }

  @Test
  void before7AMultishotResultIsNoEndAndMayFollowOne() {
    FileOperations driver =
        new Forgetful(cmd -> {
          assertTrue(cmd.done(3));
          return 0;
        });
    for (var release : List.of(Release.PATCH_V4, Release.LINUX_6_18)) {
      var options = ModelOptions.DEFAULT.withRelease(release);
      try (var kernel = new ModelKernel(Scheduler.virtual(1), options).device("/dev/good", driver);
          var ring = new TestRing(kernel, 8, 0)) {
        ring.sqe(1).uringCmdMultishot(kernel.open("/dev/good", Fcntl.O_RDWR), COMMAND, GROUP);
        ring.submit(1);
        assertEquals(List.of(new Completion(1, 3, 0)), ring.reap());
      }
    }
  }

  @Test
  void aWorkerDoesNotPost() {
    for (int mode : MODES) {
      try (var bench =
          new Bench(
              mode,
              cmd -> {
                if (cmd.nonBlocking()) return -EAGAIN;
                cmd.postMultishotCqe(8);
                return -EIOCBQUEUED;
              })) {
        assertSays("posted an event from a worker", bench.bug());
      }
    }
  }

  @Test
  void aWorkerThatKeepsABufferIsToldSo() {
    try (var bench =
        new Bench(
            0,
            cmd -> {
              if (cmd.nonBlocking()) return -EAGAIN;
              assertEquals(0, cmd.selectBuffer().errno());
              return -EIO;
            })) {
      assertSays("returned with a selected buffer", bench.bug());
      assertEquals(1, bench.ring.head(GROUP)); // selected on a worker, it is used up at once
    }
  }

  @Test
  void theProposalRecyclesWhatAnErrorLeavesBehind() {
    ToIntFunction<UringCmd> driver =
        cmd -> {
          assertEquals(0, cmd.selectBuffer().errno());
          return -EIO;
        };
    var options = ModelOptions.DEFAULT.withRelease(Release.PATCH_V4);
    try (var kernel =
            new ModelKernel(Scheduler.virtual(1), options)
                .device("/dev/bad", new Forgetful(driver));
        var ring = new TestRing(kernel, 8, 0)) {
      var buffers = kernel.map(-1, 0, 128, TestRing.READ_WRITE);
      ring.sqe(1).provideBuffers(buffers.address(), 64, 2, GROUP, 5);
      int fd = kernel.open("/dev/bad", Fcntl.O_RDWR);
      ring.sqe(2).uringCmdMultishot(fd, COMMAND, GROUP);
      ring.sqe(3).removeBuffers(3, GROUP);
      ring.submit(3);
      assertEquals(
          List.of(new Completion(1, 0, 0), new Completion(2, -EIO, 0)), ring.reap().subList(0, 2));
      ring.submit(1);
    }
    try (var bench = new Bench(0, driver)) {
      assertSays("returned with a selected buffer", bench.bug());
    }
  }

  @Test
  void cancellingTellsTheDriverOnce() {
    int[] told = {0};
    for (int mode : MODES) {
      told[0] = 0;
      var bench =
          new Bench(
              mode,
              cmd -> {
                cmd.onCancel(() -> {
                  told[0]++;
                  assertTrue(cmd.isRingClosing());
                  assertTrue(cmd.done(-ECANCELED));
                });
                return -EIOCBQUEUED;
              });
      bench.ring.submit(1);
      bench.close();
      assertEquals(1, told[0]);
    }
  }
}
