package dev.ringshot.ring;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Timespec;
import dev.ringshot.linux.LinuxKernel;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What older kernels, and kernels in trouble, answer.
@EnabledOnOs(OS.LINUX)
final class OlderKernelTest {
  /// Refuses what came later.
  private static final class Older extends OtherKernel {
    private final int unknownFlags;
    private final int registrations;
    private MemorySegment page = MemorySegment.NULL;

    Older(int unknownFlags, int registrations) {
      super(new LinuxKernel());
      this.unknownFlags = unknownFlags;
      this.registrations = registrations;
    }

    @Override
    public MemorySegment map(int fd, long offset, long length, int protection) {
      MemorySegment mapped = super.map(fd, offset, length, protection);
      if (fd < 0) page = mapped; // the one before a setup holds its parameters
      return mapped;
    }

    @Override
    public int setup(int entries, long params) {
      int flags = page.get(JAVA_INT, params - page.address() + RingParams.FLAGS);
      return (flags & unknownFlags) != 0 ? -EINVAL : super.setup(entries, params);
    }

    @Override
    public int register(int fd, int opcode, long arg, int argCount) {
      return opcode >= registrations ? -EINVAL : super.register(fd, opcode, arg, argCount);
    }
  }

  private static final int AFTER_6_0 = IORING_SETUP_NO_SQARRAY | IORING_SETUP_DEFER_TASKRUN;
  private static final int AFTER_5_10 =
      AFTER_6_0
          | IORING_SETUP_SINGLE_ISSUER
          | IORING_SETUP_COOP_TASKRUN
          | IORING_SETUP_TASKRUN_FLAG
          | IORING_SETUP_SUBMIT_ALL;

  private static void exercise(Kernel kernel, int flagsGranted) {
    try (var ring = Ring.open(kernel, 8)) {
      assertEquals(flagsGranted | IORING_SETUP_CQSIZE, ring.flags());
      int[] heard = {0};
      for (int i = 0; i < 100; i++) ring.prepare((res, flags) -> heard[0] += res).nop(1);
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(100, heard[0]);
      var time = ring.allocate(Timespec.SIZE);
      Timespec.set(time, 0, 1_000_000);
      ring.prepare((res, flags) -> heard[0] += res).timeout(time.address(), 0, 0);
      assertEquals(Pause.IDLE, ring.run(Duration.ofMinutes(1)));
      assertEquals(100 - ETIME, heard[0]);
    }
  }

  @Test
  void worksWithEveryKernelItFallsBackFor() {
    exercise(
        new Older(IORING_SETUP_NO_SQARRAY, 99),
        RingOptions.DEFAULT.flags() & ~IORING_SETUP_NO_SQARRAY);
    exercise(
        new Older(AFTER_6_0, 99),
        IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG);
    exercise(new Older(AFTER_5_10, IORING_REGISTER_RING_FDS), 0);
  }

  @Test
  void fallsBackOnlyIfAskedTo() {
    var kernel = new Older(IORING_SETUP_NO_SQARRAY, 99);
    var strict = RingOptions.DEFAULT.withFallback(false);
    var refused = assertThrows(ErrnoException.class, () -> Ring.open(kernel, strict));
    assertEquals(EINVAL, refused.errno());
    assertEquals("io_uring_setup", refused.call());
  }

  @Test
  void wakesThroughASecondRingWhereTheKernelSendsNoMessages() {
    var kernel = new Older(0, IORING_REGISTER_SEND_MSG_RING);
    try (var ring = Ring.open(kernel, 8)) {
      var time = ring.allocate(Timespec.SIZE);
      Timespec.set(time, 0, 3_600_000_000_000L);
      ring.prepare((res, flags) -> {}).timeout(time.address(), 0, 0);
      for (int i = 0; i < 100; i++) {
        var waker = CompletableFuture.runAsync(ring::wake);
        assertEquals(Pause.WOKEN, ring.run());
        waker.join();
      }
    }
  }

  @Test
  void interruptedEnterIsRepeated() {
    var kernel =
        new OtherKernel(new LinuxKernel()) {
          private int calls;

          @Override
          public int enter(int fd, int toSubmit, int min, int flags, long arg, long size) {
            return ++calls % 3 != 0 ? -EINTR : super.enter(fd, toSubmit, min, flags, arg, size);
          }
        };
    try (var ring = Ring.open(kernel, 8)) {
      int[] heard = {0};
      for (int i = 0; i < 100; i++) ring.prepare((res, flags) -> heard[0]++).nop();
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(100, heard[0]);
    }
  }

  @Test
  void busyKernelIsAskedAgainButNotForEver() {
    int[] refusals = {0};
    var kernel =
        new OtherKernel(new LinuxKernel()) {
          @Override
          public int enter(int fd, int toSubmit, int min, int flags, long arg, long size) {
            if (refusals[0] == 0 || toSubmit == 0) {
              return super.enter(fd, toSubmit, min, flags, arg, size);
            }
            refusals[0]--;
            return refusals[0] % 2 == 0 ? -EBUSY : -EAGAIN;
          }
        };
    try (var ring = Ring.open(kernel, 8)) {
      int[] heard = {0};
      refusals[0] = 5;
      for (int i = 0; i < 100; i++) ring.prepare((res, flags) -> heard[0]++).nop();
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(100, heard[0]);
      refusals[0] = Integer.MAX_VALUE;
      ring.prepare((res, flags) -> heard[0]++).nop();
      assertEquals(0, ring.submit());
      var refused = assertThrows(ErrnoException.class, ring::run);
      assertTrue(refused.errno() == EBUSY || refused.errno() == EAGAIN);
      refusals[0] = 0;
      assertEquals(Pause.IDLE, ring.run());
      assertEquals(101, heard[0]);
    }
  }

  @Test
  void lostCompletionsAreReported() {
    boolean[] hasLost = {false};
    var kernel =
        new OtherKernel(new LinuxKernel()) {
          @Override
          public int enter(int fd, int toSubmit, int min, int flags, long arg, long size) {
            return hasLost[0] ? -EBADR : super.enter(fd, toSubmit, min, flags, arg, size);
          }
        };
    try (var ring = Ring.open(kernel, 8)) {
      ring.prepare((res, flags) -> {}).nop();
      hasLost[0] = true;
      var reported = assertThrows(ErrnoException.class, ring::run);
      assertEquals(EBADR, reported.errno());
    }
  }
}
